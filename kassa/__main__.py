"""`python -m kassa` is the same as `kassa`."""

import gc

# What is loaded now stays for good. Looking through it for garbage, again and again while it grows, would be a fifth of
# the start, and later a part of every collection.
gc.disable()

from kassa.cli import main  # noqa: E402 - see above

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()

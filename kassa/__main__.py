"""`python -m kassa` is the same as `kassa`."""

from kassa.cli import main

if __name__ == "__main__":
    main()

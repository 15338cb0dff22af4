"""The Bot API's methods that the emulator knows, by lower-case name (names are case-insensitive)."""

from . import administration, callbacks, chats, copying, drafts, editing, media, payments, profile, receiving, sending

METHODS = {
    name.lower(): (name, method)
    for module in (
        receiving, sending, drafts, editing, copying, callbacks, media, chats, administration, profile, payments,
    )
    for name, method in module.METHODS.items()
}  # fmt: skip

__all__ = ["METHODS"]

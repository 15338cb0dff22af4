"""The panel in Telegram: what staff see and do, from any of the organization's bots (ADM-2).

Owns the tables `admin_bot_*`. It has no rules of its own: every handler makes the member's actor with what their role
may do now and calls the verb that the panel calls, so that rights, reasons and the audit log are the same.
"""

from .ports import Finding, Operations

__all__ = ["Finding", "Operations"]

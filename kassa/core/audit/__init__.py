"""The audit log: who changed what, from what to what, why and from where (ADM-3, SEC-2).

Owns the table `audit_entry`, to which rows are only added.
"""

from .log import Entry, record

__all__ = ["Entry", "record"]

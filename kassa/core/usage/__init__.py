"""What is used and what it brings: a record of every request, and the business's figures (USE-1, USE-2, USE-3).

Owns the table `usage_record`. Money and tokens come from the ledger's entries, orders from billing: this module only
puts them side by side.
"""

from .dashboard import Dashboard, Day, Totals, dashboard
from .records import Record, last_request_at, record

__all__ = ["Dashboard", "Day", "Record", "Totals", "dashboard", "last_request_at", "record"]

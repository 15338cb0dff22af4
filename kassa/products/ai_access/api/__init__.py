"""Dialogs and their models over HTTP."""

from . import customer, models, staff

routers = [customer.router, models.router, staff.router]

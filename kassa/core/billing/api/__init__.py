"""Billing over HTTP: for customers, and for staff."""

from . import customer, levels, plans, sales

routers = [customer.router, levels.router, sales.router, plans.router]

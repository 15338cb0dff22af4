"""Billing over HTTP: for customers, and for staff."""

from . import customer, plans, sales

routers = [customer.router, sales.router, plans.router]

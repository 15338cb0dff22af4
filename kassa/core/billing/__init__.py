"""Billing: plans, orders, payments and refunds."""

"""Checks of our own that `dev.py check` runs."""

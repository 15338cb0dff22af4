"""The HTTP edge of policies: the gate in front of all routes, and the panel's routes."""

from .gate import Gate

__all__ = ["Gate"]

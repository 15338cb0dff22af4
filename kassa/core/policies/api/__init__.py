"""The HTTP edge of policies: the gate in front of all routes, and the panel's routes."""

from . import blocks, flags, rules
from .gate import Gate

routers = (rules.router, blocks.router, flags.router)

__all__ = ["Gate", "routers"]

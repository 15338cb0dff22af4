"""What audit plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("audit", routers=[api.router])

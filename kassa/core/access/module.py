"""What access plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("access", routers=[api.router])

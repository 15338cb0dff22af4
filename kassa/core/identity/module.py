"""What identity plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("identity", routers=[api.router])

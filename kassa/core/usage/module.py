"""What usage plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("usage", routers=[api.router])

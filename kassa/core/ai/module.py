"""What the gateway plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("ai", routers=[api.router])

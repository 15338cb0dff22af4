"""What the ledger plugs in."""

from kassa.kit.module import Module

from . import api

module = Module("ledger", routers=[api.router])

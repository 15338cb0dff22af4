"""What the ledger plugs in."""

from kassa.kit.module import Module

from . import api
from .personal import personal

module = Module("ledger", routers=[api.router], personal=personal)

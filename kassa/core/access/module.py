"""What access plugs in."""

from kassa.kit.module import Module

from . import api
from .personal import personal

module = Module("access", routers=[api.router], personal=personal)

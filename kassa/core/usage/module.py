"""What usage plugs in."""

from kassa.kit.module import Module

from . import api
from .personal import personal

module = Module("usage", routers=[api.router], personal=personal)

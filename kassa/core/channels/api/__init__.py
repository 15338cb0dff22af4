"""Channels over HTTP: Telegram's webhook and sign-in, what visitors see, and the owner's bots."""

from . import bots, site, telegram

routers = [telegram.router, bots.router, site.router]

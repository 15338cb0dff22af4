"""Texts in people's languages: Fluent files of the modules, and the owner's own versions per bot and locale.

Owns the table `i18n_text`.
"""

from .formats import date, money, number, wait
from .service import load_overrides, reset_override, save_override
from .texts import Markup, Texts, choose_locale

__all__ = [
    "Markup",
    "Texts",
    "choose_locale",
    "date",
    "load_overrides",
    "money",
    "number",
    "reset_override",
    "save_override",
    "wait",
]

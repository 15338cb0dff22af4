"""What every bot can do: greet, help, show the menu, change the language, show the profile."""

from kassa.core import i18n, identity

from .conversation import Conversation, Handlers, Turn
from .customer_app import path_of
from .types import Button, is_web

LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}


async def start(turn: Turn, argument: str) -> None:
    """/start: a greeting with the menu; a deep link's payload leads where it says."""
    if argument and await turn.app.get(Conversation).follow_link(turn, argument):
        return
    turn.say(turn.t("channels-start", name=turn.customer.name, bot=turn.bot.name), [*_app(turn), *_menu(turn)])


async def help(turn: Turn, argument: str) -> None:  # noqa: A001 - named as its command
    """/help: how it works, in a minute."""
    turn.show(turn.t("channels-help"), _menu(turn))


async def menu(turn: Turn, argument: str) -> None:
    """/menu: everything by a button."""
    turn.show(turn.t("channels-menu"), [*_app(turn), *_menu(turn)])


async def app(turn: Turn, argument: str) -> None:
    """/start app_<page>: what a link in a group leads to where Telegram cannot open the app itself."""
    button = Button(turn.t("channels-button-app"), app=path_of(argument) or "/")
    turn.say(turn.t("channels-app-offer"), [[button]])


async def language(turn: Turn, argument: str) -> None:
    """/language: choose one of the bot's languages; a press with a language sets it."""
    if argument in turn.bot.locales:
        await identity.set_locale(turn.session, turn.customer.id, argument)
        turn.locale = argument
        turn.show(turn.t("channels-language-set"), _menu(turn))
        return
    buttons = [
        [Button(("● " if code == turn.locale else "") + LANGUAGE_NAMES.get(code, code), f"language:{code}")]
        for code in turn.bot.locales
    ]
    turn.show(turn.t("channels-language"), buttons)


async def profile(turn: Turn, argument: str) -> None:
    """/profile: who we think you are."""
    turn.show(
        turn.t(
            "channels-profile", name=turn.customer.name, number=str(turn.customer.number),
            since=i18n.date(turn.customer.created_at, turn.locale),
            language=LANGUAGE_NAMES.get(turn.locale, turn.locale),
        ),
        _menu(turn),
    )  # fmt: skip


async def settings(turn: Turn, argument: str) -> None:
    """/settings: what can be changed."""
    buttons = [[Button(turn.t("channels-button-language"), "language:")]]
    buttons += [[Button(turn.t(key), action)] for key, action in turn.app.get(Conversation).settings]
    turn.show(turn.t("channels-settings"), buttons)


def _app(turn: Turn) -> list[list[Button]]:
    """The app above the menu; on the web people are in it, or on a page that has a chat of its own."""
    return [] if is_web(turn.chat_id) else [[Button(turn.t("channels-button-app"), app="/")]]


def _menu(turn: Turn) -> list[list[Button]]:
    return [list(row) for row in turn.app.get(Conversation).menu(turn)]


handlers = Handlers(
    commands={
        "start": start, "help": help, "menu": menu, "language": language, "profile": profile, "settings": settings,
    },
    presses={"menu": menu, "help": help, "language": language, "profile": profile, "settings": settings},
    links={"app": app},
    menu=((40, "channels-button-profile", "profile:"), (50, "channels-button-settings", "settings:"),
          (60, "channels-button-help", "help:")),
)  # fmt: skip

"""Questions, models and dialogs in a chat."""

from uuid import UUID

from kassa.core import ai, channels, files, i18n
from kassa.core.channels import Button, Media, Press, Stop, Text, Turn
from kassa.core.policies import Policies
from kassa.kit.errors import NotFound

from . import dialogs, offers, service
from .admission import admit, fingerprint
from .attachments import MAX_FILES, Attachment
from .errors import CannotSee, NotEnoughTokens
from .models import AiAccessDialog, AiAccessRequest
from .types import Defaults


async def question(turn: Turn, event: Text) -> None:
    """Any plain message: ask the chosen model, about the files that wait for a question when there are some."""
    attached = await _waiting_files(turn)
    await _ask(turn, event.text, await _model_of(turn), key=f"update:{turn.bot.id}:{turn.incoming.update_id}",
               reply_to=None if turn.is_private else event.message_id, attached=attached)  # fmt: skip


async def retry(turn: Turn, number: str) -> None:
    """Ask the same question again."""
    request = await _request(turn, number)
    attached = [Attachment.from_json(one) for one in request.attachments]
    await _ask(
        turn, request.question, request.model, key=f"retry:{turn.bot.id}:{turn.incoming.update_id}", attached=attached
    )


async def ask_light(turn: Turn, slug: str) -> None:
    """Let the subscription's light model answer the question that there were not enough tokens for."""
    asked = turn.context.get("unpaid")
    attached = await _waiting_files(turn)
    if not asked and not attached:
        turn.toast(turn.t("channels-button-outdated"))
        return
    turn.remember(unpaid=None)
    await _ask(turn, str(asked or ""), slug, key=f"light:{turn.bot.id}:{turn.incoming.update_id}", attached=attached)


async def stop_draft(turn: Turn, event: Stop) -> None:
    """Telegram's own Stop button under a draft."""
    await service.request_stop(turn.session, turn.bot.id, turn.chat_id, event.draft_id)


async def stop_press(turn: Turn, number: str) -> None:
    """The Stop button of an edited message in a group."""
    is_open = number.isdigit() and await service.request_stop(turn.session, turn.bot.id, turn.chat_id, int(number))
    turn.toast(turn.t("ai-stopping") if is_open else turn.t("ai-already-answered"))


async def models(turn: Turn, argument: str) -> None:
    """/models: what there is, what an answer costs, and which is chosen."""
    cards = await _text_models(turn)
    chosen = await _model_of(turn)
    lines = [turn.t("ai-models")]
    buttons = []
    for card in cards:
        title = card.title.get(turn.locale) or card.title.get("en") or card.slug
        price = i18n.number(offers.price(card), turn.locale)
        about = card.description.get(turn.locale) or card.description.get("en") or ""
        lines.append(turn.t("ai-model-line", title=title, price=price, about=about))
        mark = "● " if card.slug == chosen else ""
        buttons.append(Button(f"{mark}{title} · {price}", f"model:{card.slug}"))
    turn.show("\n\n".join(lines), [[button] for button in buttons])


async def choose_model(turn: Turn, slug: str) -> None:
    """Answer with this model from now on."""
    known = {card.slug: card for card in await _text_models(turn)}
    if slug not in known:
        turn.toast(turn.t("ai-model_not_found"))
        return
    turn.remember(model=slug)
    title = known[slug].title.get(turn.locale, slug)
    turn.toast(turn.t("ai-model-chosen", title=i18n.Markup(title)))
    await models(turn, "")


async def new(turn: Turn, argument: str) -> None:
    """/new: the next question starts a dialog of its own."""
    turn.remember(dialog=None, awaiting_title=None, awaiting_prompt=None)
    turn.say(turn.t("ai-new-dialog"))


async def list_dialogs(turn: Turn, argument: str) -> None:
    """/dialogs: the last ones, a button each."""
    found = await dialogs.list_dialogs(turn.session, turn.actor, turn.bot.id)
    if not found:
        turn.show(turn.t("ai-no-dialogs"))
        return
    current = turn.context.get("dialog")
    buttons = [
        [Button(("● " if dialog.number == current else "") + dialog.title, f"dialog:{dialog.number}")]
        for dialog in found
    ]
    turn.show(turn.t("ai-dialogs"), buttons)


async def dialog_card(turn: Turn, argument: str) -> None:
    """One dialog: continue, rename, give a role, memory on or off, delete."""
    number, _, action = argument.partition(":")
    wanted = int(number) if number.isdigit() else 0
    if action == "delete":
        await dialogs.delete(turn.session, turn.actor, wanted)
        if turn.context.get("dialog") == wanted:
            turn.remember(dialog=None)
        turn.toast(turn.t("ai-dialog-deleted"))
        await list_dialogs(turn, "")
        return
    if action == "memory":
        dialog = await dialogs.toggle_history(turn.session, turn.actor, wanted)
    else:
        dialog = await dialogs.get_dialog(turn.session, turn.actor, wanted)
    if action in ("title", "prompt"):
        turn.remember(awaiting_title=None, awaiting_prompt=None)
        turn.remember(**{f"awaiting_{action}": dialog.number})
        turn.say(turn.t(f"ai-dialog-ask-{action}"))
        return
    turn.remember(dialog=dialog.number)
    _show_dialog(turn, dialog)


async def take_title(turn: Turn, event: Text) -> None:
    """The text that follows "rename" is the title."""
    number = int(turn.context["awaiting_title"])
    turn.remember(awaiting_title=None)
    _show_dialog(turn, await dialogs.rename(turn.session, turn.actor, number, event.text))


async def take_prompt(turn: Turn, event: Text) -> None:
    """The text that follows "role" is the system prompt; a dash clears it."""
    number = int(turn.context["awaiting_prompt"])
    turn.remember(awaiting_prompt=None)
    prompt = "" if event.text.strip() in ("-", "—") else event.text
    _show_dialog(turn, await dialogs.set_prompt(turn.session, turn.actor, number, prompt))


async def media(turn: Turn, event: Media) -> None:
    """Pictures and documents are a question with its words below them; voice and films are not understood yet."""
    if not turn.is_private:
        return
    if not event.file_ids:
        turn.say(turn.t("ai-media-not-understood"))
        return
    if event.album:
        await _gather(turn, event)
        return
    attached = await _attachments(turn, event.file_ids)
    await _ask(turn, event.caption, await _model_of(turn), key=f"update:{turn.bot.id}:{turn.incoming.update_id}",
               attached=attached)  # fmt: skip


async def ask_about_files(turn: Turn, slug: str) -> None:
    """Ask about the files that wait: an album that is complete, or pictures, of a model that sees them."""
    caption = str(turn.context.get("files_caption") or "")
    attached = await _waiting_files(turn)
    if not attached:
        turn.toast(turn.t("channels-button-outdated"))
        return
    await _ask(turn, caption, slug or await _model_of(turn), key=f"files:{turn.bot.id}:{turn.incoming.update_id}",
               attached=attached)  # fmt: skip


async def _gather(turn: Turn, event: Media) -> None:
    """Files of an album come one by one, and nobody says which is the last: the customer does."""
    is_first = turn.context.get("files_album") != event.album
    before = [] if is_first else [str(found) for found in turn.context.get("files") or []]
    kept = [*before, *(str(file_id) for file_id in event.file_ids)][:MAX_FILES]
    caption = event.caption or (None if is_first else turn.context.get("files_caption"))
    turn.remember(files=kept, files_album=event.album, files_caption=caption)
    if is_first:
        turn.say(turn.t("ai-album"), [[Button(turn.t("ai-button-ask-files"), "files:")]])


async def _waiting_files(turn: Turn) -> list[Attachment]:
    """The files that wait for a question, which this one is; those that are gone meanwhile are left out."""
    waiting = [UUID(str(found)) for found in turn.context.get("files") or []]
    if not waiting:
        return []
    turn.remember(files=None, files_album=None, files_caption=None)
    found = []
    for file_id in waiting:
        try:
            found += await _attachments(turn, (file_id,))
        except NotFound:
            continue
    return found


async def _attachments(turn: Turn, file_ids: tuple[UUID, ...]) -> list[Attachment]:
    return [Attachment.of(info) for info in await files.require_ready(turn.session, turn.actor, file_ids)]


async def _ask(
    turn: Turn, text: str, slug: str, *, key: str, reply_to: int | None = None, attached: list[Attachment] | None = None
) -> None:
    attached = attached or []
    model = await turn.app.get(ai.KeyPool).model(turn.bot.organization_id, slug)
    number = turn.context.get("dialog")
    try:
        async with turn.session.begin_nested():
            subject = turn.subject(fingerprint(model.slug, " ".join([text, *(str(one.id) for one in attached)])))
            await admit(turn.session, turn.app.get(Policies), subject, text)
            title = text.strip() or ", ".join(one.name for one in attached)
            dialog = await dialogs.current_dialog(
                turn.session, turn.actor, turn.bot.id, turn.chat_id, number, title,
                has_history=turn.app.get(Defaults).has_history,
            )  # fmt: skip
            await service.ask(
                turn.session, turn.actor, model, text, idempotency_key=key, dialog=dialog,
                is_private=turn.is_private, locale=turn.locale, reply_to=reply_to, attached=attached,
            )  # fmt: skip
    except NotEnoughTokens as error:
        _say_not_enough(turn, error, text, model, attached)
        return
    except CannotSee:
        await _offer_one_that_sees(turn, text, model, attached)
        return
    if dialog.number != number:
        turn.remember(dialog=dialog.number)


async def _offer_one_that_sees(turn: Turn, text: str, model: ai.ModelView, attached: list[Attachment]) -> None:
    """The chosen model takes no pictures: nothing is charged, and those that do are a press away."""
    seeing = [card for card in await _text_models(turn) if offers.sees_pictures(card)]
    title = model.title.get(turn.locale, model.slug)
    turn.remember(files=[str(one.id) for one in attached], files_caption=text[:4000] or None, files_album=None)
    buttons = [
        [Button(f"{card.title.get(turn.locale) or card.slug} · {i18n.number(offers.price(card), turn.locale)}",
                f"files:{card.slug}")]
        for card in sorted(seeing, key=offers.price)
    ]  # fmt: skip
    turn.say(turn.t("ai-cannot-see" if buttons else "ai-nobody-sees", title=title), buttons)


def _say_not_enough(
    turn: Turn, error: NotEnoughTokens, text: str, model: ai.ModelView, attached: list[Attachment]
) -> None:
    price, available, held = (i18n.number(error.facts[name], turn.locale) for name in ("price", "available", "held"))
    title = model.title.get(turn.locale, model.slug)
    key = "ai-not-enough-held" if error.facts["held"] else "ai-not-enough"
    buttons = [[Button(turn.t("billing-button-buy"), "buy:")]]
    light = error.facts["light_model"]
    if light and turn.bot.offers(light):
        buttons.insert(0, [Button(turn.t("ai-button-light"), f"light:{light}")])
        turn.remember(unpaid=text[:4000], files=[str(one.id) for one in attached] or None, files_caption=None)
    turn.say(turn.t(key, title=title, price=price, available=available, held=held), buttons)


def _show_dialog(turn: Turn, dialog: AiAccessDialog) -> None:
    memory = "ai-button-memory-off" if dialog.has_history else "ai-button-memory-on"
    base = f"dialog:{dialog.number}"
    turn.show(
        turn.t(
            "ai-dialog", title=dialog.title, prompt=dialog.system_prompt or turn.t("ai-dialog-no-prompt"),
            memory=turn.t("ai-memory-on" if dialog.has_history else "ai-memory-off"),
        ),
        [
            [Button(turn.t("ai-button-rename"), f"{base}:title"), Button(turn.t("ai-button-prompt"), f"{base}:prompt")],
            [Button(turn.t(memory), f"{base}:memory"), Button(turn.t("ai-button-delete"), f"{base}:delete")],
            [Button(turn.t("billing-button-back"), "dialogs:")],
        ],
    )  # fmt: skip


async def _model_of(turn: Turn) -> str:
    return await offers.chosen_model(turn.session, turn.app, turn.bot, turn.context)


async def _text_models(turn: Turn) -> list[ai.ModelCard]:
    return await offers.text_models(turn.session, turn.app, turn.bot)


async def _request(turn: Turn, number: str) -> AiAccessRequest:
    found = await service.find_request(turn.session, turn.actor, int(number)) if number.isdigit() else None
    if found is None or not isinstance(turn.incoming.event, Press):
        raise NotFound("ai_access.request_not_found", "No such question")
    return found


handlers = channels.Handlers(
    commands={"models": models, "new": new, "dialogs": list_dialogs},
    presses={
        "models": models, "model": choose_model, "dialogs": list_dialogs, "dialog": dialog_card, "stop": stop_press,
        "retry": retry, "light": ask_light, "files": ask_about_files,
    },
    awaiting={"awaiting_title": take_title, "awaiting_prompt": take_prompt},
    text=question,
    media=media,
    stop=stop_draft,
    menu=((10, "ai-button-models", "models:"), (15, "ai-button-dialogs", "dialogs:")),
)  # fmt: skip

"""What a model is asked: the dialog so far and the question, with their files."""

from kassa.core import access, ai
from kassa.kit.app import App

from . import attachments, service
from .attachments import Attachment
from .models import AiAccessRequest


async def of(
    app: App, request: AiAccessRequest, history: list[tuple[str, list[Attachment], str]]
) -> tuple[ai.Message, ...]:
    """The messages of a question, oldest first. Raises as `attachments.parts` for the question's own files."""
    actor = access.customer_actor(request.organization_id, request.customer_id)
    model = await app.get(ai.KeyPool).model(request.organization_id, request.model)
    with_files = [number for number, (_, attached, _) in enumerate(history) if attached][-service.HISTORY_FILES :]
    found: list[ai.Message] = []
    for number, (question, attached, answer) in enumerate(history):
        has_room = number in with_files
        asked = await attachments.earlier_parts(app, actor, model, question, attached, has_room=has_room)
        found.append(ai.Message(ai.Role.USER, tuple(asked)))
        found.append(ai.Message(ai.Role.ASSISTANT, (ai.TextPart(answer),)))
    own = [Attachment.from_json(one) for one in request.attachments]
    asked = await attachments.parts(app, actor, model, request.question, own)
    return (*found, ai.Message(ai.Role.USER, tuple(asked)))

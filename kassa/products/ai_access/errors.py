"""What may keep a question from being asked.

Conflict
└── ai_access.not_enough_tokens   facts: price, available, held, light_model
Invalid
├── ai_access.question_too_long   facts: limit
├── ai_access.question_empty
├── ai_access.too_many_files      facts: limit
├── ai_access.document_too_long   facts: limit
├── ai_access.cannot_see          facts: model
└── ai_access.cannot_read         facts: name
"""

from kassa.kit.errors import Conflict, Invalid


class CannotSee(Invalid):
    """The model takes no pictures; others do."""

    def __init__(self, model: str) -> None:
        super().__init__("ai_access.cannot_see", "This model does not see pictures", model=model)


class CannotRead(Invalid):
    """No model reads such a file here."""

    def __init__(self, name: str) -> None:
        super().__init__("ai_access.cannot_read", "Files of this kind are not read", name=name)


class NotEnoughTokens(Conflict):
    """The balance does not cover the model's price, and nothing else pays. `light_model` may answer for free."""

    def __init__(self, price: int, available: int, held: int, light_model: str | None) -> None:
        super().__init__(
            "ai_access.not_enough_tokens", "Not enough tokens",
            price=price, available=available, held=held, light_model=light_model,
        )  # fmt: skip

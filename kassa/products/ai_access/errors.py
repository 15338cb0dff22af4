"""What may keep a question from being asked.

Conflict
└── ai_access.not_enough_tokens   facts: price, available, held, light_model
Invalid
├── ai_access.question_too_long   facts: limit
└── ai_access.question_empty
"""

from kassa.kit.errors import Conflict


class NotEnoughTokens(Conflict):
    """The balance does not cover the model's price, and nothing else pays. `light_model` may answer for free."""

    def __init__(self, price: int, available: int, held: int, light_model: str | None) -> None:
        super().__init__(
            "ai_access.not_enough_tokens", "Not enough tokens",
            price=price, available=available, held=held, light_model=light_model,
        )  # fmt: skip

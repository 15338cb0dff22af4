"""Access to neural networks for tokens: dialogs, questions and their answers.

Owns the tables `ai_access_*`. Follow one question: bot.question → service.ask (hold) → jobs.run → service.settle.
"""

from .types import Defaults

__all__ = ["Defaults"]

"""The OpenAI-compatible API for customers with an API plan: their programs ask, their tokens pay (AI-9).

Owns the table `api_access_request`. Follow one call: api/chat.py → calls.begin (plan, limits, hold) → the gateway →
calls.end (charge or give back, and the usage record).
"""

from .errors import OpenAIErrors

__all__ = ["OpenAIErrors"]

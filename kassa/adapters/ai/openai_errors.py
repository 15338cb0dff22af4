"""Errors of OpenAI's shape, shared by chat completions, responses and the many servers that imitate them."""

from collections.abc import Mapping
from typing import Any

from kassa.core.ai import ErrorClass, ProviderError, provider_error

from . import failures

# Codes and types that say more than the status does. A 429 may be about money, a 400 about content.
_QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance"}
_KEY = {"invalid_api_key", "account_deactivated", "authentication_error", "invalid_authentication"}
_POLICY = {
    "content_policy_violation", "content_filter", "moderation_blocked", "invalid_prompt", "bio_policy",
    "image_content_policy_violation", "misalignment_policy_violation",
}  # fmt: skip
_GONE = {"model_not_found", "model_deprecated", "model_shutdown"}
_BUSY = {"server_error", "internal_error", "overloaded_error", "service_unavailable", "server_overloaded"}
_NO_ACCESS = {"unsupported_country_region_territory", "permission_error", "access_terminated"}
_RATE = {"rate_limit_exceeded", "rate_limit_error", "requests", "tokens", "rate_limit_reached"}
_WORDS: tuple[tuple[frozenset[str], ErrorClass], ...] = (
    (frozenset(_QUOTA), ErrorClass.QUOTA_EMPTY),
    (frozenset(_KEY), ErrorClass.INVALID_KEY),
    (frozenset(_POLICY), ErrorClass.CONTENT_POLICY),
    (frozenset(_GONE), ErrorClass.MODEL_GONE),
    (frozenset(_NO_ACCESS), ErrorClass.NO_ACCESS),
    (frozenset(_RATE), ErrorClass.RATE_LIMIT),
    (frozenset(_BUSY), ErrorClass.TRANSIENT),
)


def classify(
    provider: str, status: int, headers: Mapping[str, str], body: Mapping[str, Any], text: str
) -> ProviderError:
    """The error of a response; status 0 or 200 means that it was told inside the stream or the body."""
    code, kind, message = failures.error_fields(body)
    error_class = next((found for words, found in _WORDS if code in words or kind in words), None)
    if error_class is None and code.isdigit() and status in (0, 200):
        # Resellers put the HTTP status of their own upstream into the code.
        error_class = failures.by_status(int(code))
    if error_class is None:
        error_class = failures.by_status(status) if status >= 300 else ErrorClass.TRANSIENT
        if status in (0, 200) and kind == "invalid_request_error":
            error_class = ErrorClass.BAD_INPUT
    return provider_error(
        error_class,
        provider=provider,
        detail=f"{status} {code or kind} {message or text[:300]}".strip(),
        retry_after_s=failures.retry_after(headers),
    )

"""What can go wrong with a provider: one taxonomy that decides retries, the key's fate, the hold and the words.

ProviderError          kind unavailable  ai.provider_unavailable
├── Refused            kind invalid      ai.refused          the provider will not answer this
├── BadInput           kind invalid      ai.bad_input        the request itself is wrong
├── TimedOut           kind unavailable  ai.timeout
├── EmptyAnswer        kind unavailable  ai.empty_answer
├── Busy               kind unavailable  ai.busy             every key is cooling down; `retry_after_s` says how long
└── NoRoute            kind unavailable  ai.no_route         nobody is configured to answer for this model
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from typing_extensions import override

from kassa.kit.errors import AppError, Kind


class ErrorClass(StrEnum):
    """Classes of failure, the same for every provider. `timeout` and `empty_answer` refine `transient`."""

    RATE_LIMIT = "rate_limit"
    CONCURRENCY = "concurrency"
    QUOTA_EMPTY = "quota_empty"
    INVALID_KEY = "invalid_key"
    NO_ACCESS = "no_access"
    CONTENT_POLICY = "content_policy"
    BAD_INPUT = "bad_input"
    MODEL_GONE = "model_gone"
    TRANSIENT = "transient"
    TIMEOUT = "timeout"
    EMPTY_ANSWER = "empty_answer"
    UNKNOWN_AFTER_SUBMIT = "unknown_after_submit"


class KeyAction(StrEnum):
    """What a failure does to the key, or to the pair of key and model, or to the route."""

    NONE = "none"
    COOL_DOWN = "cool_down"
    MARK_ACCOUNT_BUSY = "mark_account_busy"
    EXHAUST = "exhaust"
    DISABLE = "disable"
    BLOCK_MODEL = "block_model"
    BLOCK_ROUTE = "block_route"
    COUNT_FAILURE = "count_failure"


class HoldFate(StrEnum):
    """What happens to the customer's held tokens while the class lasts. The end of all attempts always releases."""

    KEEP = "keep"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be tried after a failure of a class."""

    same_key_retries: int
    other_key: bool
    other_account_only: bool
    other_provider: bool
    key_action: KeyAction
    hold: HoldFate


_KEEP, _RELEASE = HoldFate.KEEP, HoldFate.RELEASE
RULES: dict[ErrorClass, Rule] = {
    #                                      same  other  account provider
    ErrorClass.RATE_LIMIT: Rule(1, True, False, True, KeyAction.COOL_DOWN, _KEEP),
    ErrorClass.CONCURRENCY: Rule(0, True, True, True, KeyAction.MARK_ACCOUNT_BUSY, _KEEP),
    ErrorClass.QUOTA_EMPTY: Rule(0, True, False, True, KeyAction.EXHAUST, _KEEP),
    ErrorClass.INVALID_KEY: Rule(0, True, False, True, KeyAction.DISABLE, _KEEP),
    ErrorClass.NO_ACCESS: Rule(0, True, False, True, KeyAction.BLOCK_MODEL, _KEEP),
    # Another provider only when the owner allows it: see `run_text(allow_refused_elsewhere=...)`.
    ErrorClass.CONTENT_POLICY: Rule(0, False, False, False, KeyAction.NONE, _RELEASE),
    ErrorClass.BAD_INPUT: Rule(0, False, False, False, KeyAction.NONE, _RELEASE),
    ErrorClass.MODEL_GONE: Rule(0, False, False, True, KeyAction.BLOCK_ROUTE, _KEEP),
    ErrorClass.TRANSIENT: Rule(2, True, False, True, KeyAction.COUNT_FAILURE, _KEEP),
    # A time-out has already cost the customer the wait: the same key gets no second one.
    ErrorClass.TIMEOUT: Rule(0, True, False, True, KeyAction.COUNT_FAILURE, _KEEP),
    ErrorClass.EMPTY_ANSWER: Rule(1, True, False, True, KeyAction.NONE, _KEEP),
    # The work may be running there: only reconciliation by its outside id may decide.
    ErrorClass.UNKNOWN_AFTER_SUBMIT: Rule(0, False, False, False, KeyAction.NONE, _KEEP),
}


class ProviderError(AppError):
    """A provider did not answer as it should. `detail` is for staff and logs, never for the customer."""

    kind = Kind.UNAVAILABLE
    code_of_class: ClassVar[str] = "ai.provider_unavailable"

    def __init__(
        self, error_class: ErrorClass, *, provider: str = "", detail: str = "", retry_after_s: float | None = None
    ) -> None:
        facts: dict[str, Any] = {} if retry_after_s is None else {"retry_after_s": retry_after_s}
        super().__init__(self.code_of_class, **facts)
        self.error_class = error_class
        self.provider = provider
        self.detail = detail[:500]
        self.retry_after_s = retry_after_s

    @override
    def __str__(self) -> str:
        return f"{self.code}: {self.error_class} from {self.provider or 'gateway'}: {self.detail}"


class Refused(ProviderError):
    """The provider refuses to answer this request on grounds of content."""

    kind = Kind.INVALID
    code_of_class = "ai.refused"


class BadInput(ProviderError):
    """The provider says that the request itself is wrong (too long, unsupported picture, bad parameter)."""

    kind = Kind.INVALID
    code_of_class = "ai.bad_input"


class TimedOut(ProviderError):
    """No answer, or no further part of it, in time."""

    code_of_class = "ai.timeout"


class EmptyAnswer(ProviderError):
    """The provider answered with nothing."""

    code_of_class = "ai.empty_answer"


class Busy(ProviderError):
    """Every key that could answer is cooling down or at its limit of parallel requests."""

    code_of_class = "ai.busy"


class NoRoute(ProviderError):
    """No endpoint with a usable key is configured for the model."""

    code_of_class = "ai.no_route"


_CLASSES: dict[ErrorClass, type[ProviderError]] = {
    ErrorClass.CONTENT_POLICY: Refused,
    ErrorClass.BAD_INPUT: BadInput,
    ErrorClass.TIMEOUT: TimedOut,
    ErrorClass.EMPTY_ANSWER: EmptyAnswer,
    ErrorClass.RATE_LIMIT: Busy,
    ErrorClass.CONCURRENCY: Busy,
}


def provider_error(
    error_class: ErrorClass, *, provider: str, detail: str = "", retry_after_s: float | None = None
) -> ProviderError:
    """The error object of a class; drivers raise what this returns."""
    kind = _CLASSES.get(error_class, ProviderError)
    return kind(error_class, provider=provider, detail=detail, retry_after_s=retry_after_s)

"""The rules of failure: which route and key is asked next, when the same one is asked again, and when to give up."""

import asyncio
import random
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from .errors import RULES, ErrorClass, ProviderError
from .keys import Candidate
from .pool import KeyPool, Tried
from .snapshot import ModelView

PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How far a run may go. `patience_s` is the longest pause before the same key is asked again."""

    max_attempts: int = 6
    deadline_s: float = 600.0
    patience_s: float = 5.0
    may_restart: bool = False
    allow_refused_elsewhere: bool = False


DEFAULTS = RunOptions()


@dataclass(slots=True)
class Run:
    """The state of one question: what was tried, what is left. `drivers` are the kinds that may be asked."""

    pool: KeyPool
    drivers: Collection[str]
    model: ModelView
    options: RunOptions
    tried: Tried = field(default_factory=Tried)
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0
    retries: dict[ErrorClass, int] = field(default_factory=dict)
    last_error: ProviderError | None = None
    again: Candidate | None = None
    has_waited: bool = False

    def left_s(self) -> float:
        """Seconds until the deadline of the whole run."""
        return self.options.deadline_s - (time.monotonic() - self.started)

    async def next(self) -> tuple[Candidate, UUID | None]:
        """The next candidate with its lease. Raises the last error, or says why nobody can be asked."""
        while True:
            candidate = self.again or self.pool.choose(self.model, self.drivers, self.tried)
            self.again = None
            if candidate is None:
                await self._wait_for_somebody()
                continue
            is_free, lease_id = await self.pool.lease(self.model, candidate, self.left_s() + 5)
            if is_free:
                self.attempts += 1
                return candidate, lease_id
            self.tried.accounts.add((candidate.route.endpoint_id, candidate.key.account))

    async def _wait_for_somebody(self) -> None:
        """A short rest of the only key is waited for once; a longer one, or a failure already met, ends the run."""
        nobody = self.pool.why_nobody(self.model, self.drivers)
        pause_s = nobody.retry_after_s
        if (
            self.last_error
            or self.has_waited
            or pause_s is None
            or pause_s > min(self.options.patience_s, self.left_s())
        ):
            raise self.last_error or nobody
        self.has_waited = True
        await asyncio.sleep(pause_s)

    async def give_up_on(self, candidate: Candidate, error: ProviderError) -> None:
        """Note what is not worth another try; wait, if the same key is. Raises the error when nothing is allowed."""
        rule = RULES[error.error_class]
        self.last_error = error
        if self.attempts >= self.options.max_attempts or self.left_s() <= 0:
            raise error
        elsewhere = rule.other_provider or (
            error.error_class is ErrorClass.CONTENT_POLICY and self.options.allow_refused_elsewhere
        )
        done = self.retries.get(error.error_class, 0)
        may_retry = done < rule.same_key_retries
        if not (may_retry or rule.other_key or elsewhere):
            raise error
        if may_retry and error.error_class is not ErrorClass.RATE_LIMIT:
            await self._ask_again(candidate, error, done)
            return
        if rule.other_key:
            self.tried.keys.add(candidate.key.id)
        else:
            self.tried.routes.update(self._routes_of(candidate, error))
        if rule.other_account_only:
            self.tried.accounts.add((candidate.route.endpoint_id, candidate.key.account))
        if may_retry and self.pool.choose(self.model, self.drivers, self.tried) is None:
            # Nobody else is left: a short wait that the provider named is better than no answer.
            if error.retry_after_s is None or error.retry_after_s > self.options.patience_s:
                raise error
            await self._ask_again(candidate, error, done)

    async def _ask_again(self, candidate: Candidate, error: ProviderError, done: int) -> None:
        self.retries[error.error_class] = done + 1
        pause_s = PAUSE_S * 2**done * random.uniform(0.8, 1.2)
        if error.retry_after_s is not None:
            pause_s = max(pause_s, error.retry_after_s)
        if pause_s > min(self.options.patience_s, self.left_s()):
            self.tried.keys.add(candidate.key.id)
            return
        await asyncio.sleep(pause_s)
        self.again = candidate

    def _routes_of(self, candidate: Candidate, error: ProviderError) -> set[UUID]:
        """A model that is gone is gone on its route; a refusal holds for everything of that provider."""
        if error.error_class is ErrorClass.MODEL_GONE:
            return {candidate.route.id}
        provider = candidate.route.endpoint.provider
        return {route.id for route in self.model.routes if route.endpoint.provider == provider}

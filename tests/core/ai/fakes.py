"""A driver that plays a script: what a provider would answer, call by call."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    TextDelta,
    TextEvent,
    TextRequest,
    Usage,
    provider_error,
)


@dataclass
class Call:
    """One call that was made."""

    key: str
    model: str
    request: TextRequest
    endpoint: Endpoint


@dataclass
class Script:
    """What to answer: by a rule of the call, or by the queue of steps; then with a plain answer."""

    steps: list[str | ErrorClass] = field(default_factory=list)
    rule: Callable[[Call], str | ErrorClass | None] | None = None
    calls: list[Call] = field(default_factory=list)
    deltas_before_error: int = 0
    retry_after_s: float | None = None
    pause_s: float = 0.0

    def step(self, call: Call) -> str | ErrorClass:
        """The answer to a call."""
        self.calls.append(call)
        found = self.rule(call) if self.rule is not None else None
        if found is not None:
            return found
        return self.steps.pop(0) if self.steps else "an answer"


class ScriptedDriver:
    """Fulfils TextDriver."""

    def __init__(self, script: Script) -> None:
        self._script = script

    async def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        script = self._script
        step = script.step(Call(key, request.model, request, endpoint))
        if script.pause_s:
            await asyncio.sleep(script.pause_s)
        if isinstance(step, ErrorClass):
            for _ in range(script.deltas_before_error):
                yield TextDelta("half ")
            raise provider_error(
                step, provider=endpoint.provider, detail="scripted", retry_after_s=script.retry_after_s
            )
        for word in step.split(" "):
            yield TextDelta(word + " ")
        yield Usage(100, 10, 0)
        yield Finished(FinishReason.STOP)

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        step = self._script.step(Call(key, "probe", TextRequest(()), endpoint))
        if isinstance(step, ErrorClass):
            raise provider_error(step, provider=endpoint.provider, detail="scripted")

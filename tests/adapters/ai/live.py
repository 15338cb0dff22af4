"""The emulated providers on a real port, for tests that speak HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from kassa.core.ai import Endpoint, Timeouts
from kassa.sandbox.ai import create_app
from kassa.sandbox.faults import Fault, Faults
from kassa.sandbox.store import Store

HASTY = Timeouts(connect_s=2, first_byte_s=1.0, between_chunks_s=1.0, total_s=10)
"""For tests of silence only: on a busy machine everything else may take a second too."""
MODELS = {
    "openai": "gpt-4o",
    "deepseek": "deepseek-flash",
    "perplexity": "perplexity/sonar",
    "anthropic": "claude-sonnet-5-5",
    "gemini": "gemini-3.1-pro-preview",
}
KINDS = {
    "openai": "openai_chat",
    "deepseek": "openai_chat",
    "perplexity": "openai_responses",
    "anthropic": "anthropic",
    "gemini": "gemini",
}
PATHS = {
    "openai": "/openai/v1",
    "deepseek": "/deepseek",
    "perplexity": "/perplexity",
    "anthropic": "/anthropic",
    "gemini": "/gemini",
}
OPTIONS: dict[str, dict[str, str]] = {
    "deepseek": {"max_tokens_field": "max_tokens", "probe_path": "/user/balance"},
    "perplexity": {"responses_path": "/v1/responses", "probe_path": "", "probe_model": "perplexity/sonar"},
}


@dataclass(frozen=True)
class Live:
    """A running emulator."""

    url: str
    faults: Faults
    store: Store

    def endpoint(self, provider: str, *, hasty: bool = False) -> Endpoint:
        """One vendor of it."""
        limits = HASTY if hasty else Timeouts()
        return Endpoint(provider, provider, self.url + PATHS[provider], OPTIONS.get(provider, {}), limits)

    def fault(self, target: str, kind: str, *, times: int | None = 1, **options: object) -> None:
        """Switch a fault on."""
        self.faults.add(Fault(target, kind, times=times, options=options))


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of the loopback; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    server.config.log_config = None
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the emulator did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(5)


@contextmanager
def live(chunk_delay_s: float = 0.0) -> Iterator[Live]:
    """Run the emulator."""
    store, faults = Store(None), Faults()
    with serve(create_app(store, faults, chunk_delay_s=chunk_delay_s)) as url:
        yield Live(url, faults, store)

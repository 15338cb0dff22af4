"""Running a subject: uvloop where there is one, a line of JSON when it serves, SIGTERM ends it."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from typing import Any

import uvicorn

from kassa.kit import loop


def main(work: Coroutine[Any, Any, None]) -> None:
    """Run a subject on the loop the product runs on."""
    loop.run(work)


def say_ready(**facts: Any) -> None:
    """Tell the measuring process that it may begin."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def setting(name: str) -> str:
    """What the measuring process told this subject."""
    return os.environ[f"KASSA_BENCH_{name}"]


async def serve(application: Any, port: int) -> None:
    """Serve as the product does, until SIGTERM."""
    config = uvicorn.Config(
        application, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off", backlog=2048,
        timeout_keep_alive=120, timeout_graceful_shutdown=1, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    say_ready(port=port)
    await task

"""The least that is durable: an update is stored once and enqueued in one transaction, a PgQueuer worker answers it.

No order within a chat, no record of what was sent, no customers, no retries of ours.
"""

import asyncio
from datetime import timedelta

import asyncpg
import orjson
from fastapi import FastAPI, Request
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job

from .help_bot import help_bot
from .serving import main, serve, setting

_INSERT = """
insert into bench_update (update_id, payload) values ($1, $2::jsonb) on conflict do nothing returning update_id
"""


async def run() -> None:
    """Serve /webhook and the queue."""
    url = setting("DATABASE_URL")
    bot, dispatcher = help_bot()
    api = FastAPI()
    async with asyncpg.create_pool(url, min_size=2, max_size=10) as pool, asyncpg.create_pool(url) as queue_pool:
        queries = Queries(AsyncpgPoolDriver(queue_pool))
        await queries.install()
        await pool.execute("create table bench_update (update_id bigint primary key, payload jsonb not null)")
        manager = QueueManager(queries)

        @api.post("/webhook")
        async def webhook(request: Request) -> dict[str, bool]:
            raw = await request.body()
            update_id = orjson.loads(raw)["update_id"]
            async with pool.acquire() as connection, connection.transaction():
                if await connection.fetchval(_INSERT, update_id, raw.decode()):
                    driver = AsyncpgDriver(connection)  # type: ignore[arg-type]  # a pool's proxy acts as one
                    await Queries(driver).enqueue("update", str(update_id).encode())
            return {"ok": True}

        @manager.entrypoint("update")
        async def answer(job: Job) -> None:
            payload = await pool.fetchval(
                "select payload from bench_update where update_id = $1", int(job.payload or b"")
            )
            await dispatcher.feed_raw_update(bot, orjson.loads(payload))

        work = asyncio.create_task(manager.run(batch_size=25, dequeue_timeout=timedelta(seconds=5)))
        await serve(api, int(setting("PORT")))
        manager.shutdown.set()
        await work
    await bot.session.close()


if __name__ == "__main__":
    main(run())

"""AI-9, LED-4: a process that serves customers' programs is killed between any two steps of a call: what was held is
charged once or given back, and never both."""

import asyncio

import aiohttp
import pytest

from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.products.api_access import calls
from tests.flows.installation import Installation, free_port
from tests.runtime.test_openai_api import programmer
from tests.runtime.web import Caller

GIVEN = 1_000_000


@pytest.mark.parametrize("is_streamed", [True, False])
@pytest.mark.parametrize("point", ["api.after_hold", "api.before_settlement", "api.after_settlement"])
async def test_a_call_whose_process_dies_is_settled_once(
    site: Installation, http: aiohttp.ClientSession, owner: Caller, point: str, is_streamed: bool
) -> None:
    """Nobody got the whole answer unless the call was settled; a call that was not settled costs nothing."""
    caller, key = await programmer(site, owner, units=GIVEN)
    customer = (await caller.get("/auth/me"))["id"]
    port = free_port()
    victim = await asyncio.to_thread(site.beside, "api", FAILPOINT=point, PORT=str(port))
    body = {"model": "deepseek", "stream": is_streamed, "messages": [{"role": "user", "content": "Hello"}]}
    with pytest.raises(aiohttp.ClientError):
        async with http.post(
            f"http://127.0.0.1:{port}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}
        ) as answer:
            await answer.read()
    assert await victim.death() == -9

    # The call's lease is over, and several processes look for such calls at once.
    await site.rows(
        "update api_access_request set lease_until = now() - interval '1 second' where customer_id::text = $1", customer
    )
    app = App()
    app.put(Database, Database(site.database_url, pool_size=3))
    await asyncio.gather(*(calls.sweep(app) for _ in range(3)))
    await app.get(Database).close()

    row = (await site.rows("select * from api_access_request where customer_id::text = $1", customer))[0]
    is_settled = point == "api.after_settlement"
    assert row["status"] == ("answered" if is_settled else "lost")
    assert (row["charged_tokens"] > 0) is is_settled
    held, posted = (
        await site.rows(
            "select b.held, b.posted from ledger_balance b join ledger_account a on a.id = b.account_id"
            " where a.owner_id::text = $1 and a.kind = 'customer_tokens'", customer,
        )
    )[0]  # fmt: skip
    assert (held, posted) == (0, GIVEN - row["charged_tokens"])
    recorded = await site.value("select count(*) from usage_record where customer_id::text = $1", customer)
    assert recorded == (1 if is_settled else 0)
    await site.check()

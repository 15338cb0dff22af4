"""What staff may ask of the installation from a chat: fulfils `admin_bot.Operations`."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.adapters.http_calls import server_time
from kassa.core import audit, billing, files, policies
from kassa.core.access import Actor, Permission
from kassa.kit import job_queue
from kassa.kit.app import App
from kassa.kit.errors import AppError
from kassa.products.admin_bot import Finding
from kassa.runtime import doctor, health
from kassa.runtime.settings import Settings


class Supervision:
    """Looks at everything that this process reaches."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def dependencies(self) -> Sequence[Finding]:
        """The health of this installation, and whether every outside service that is set up answers."""
        app, found = self._app, []
        for name, state in (await health.report(app))["checks"].items():
            word = {"ok": "ok", "degraded": "warning"}.get(state["status"], "error")
            said = filter(None, [state.get("problem"), *state.get("problems", ())])
            facts = {fact: value for fact, value in state.items() if isinstance(value, int | float)}
            found.append(Finding(name, word, ", ".join(said), facts=facts))
        looks: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("telegram", lambda: server_time(app.get(Settings).telegram_url)),
            ("files", app.get(files.Storage).check),
        ]
        looks += [(name, provider.check_access) for name, provider in app.get(billing.Providers).by_name.items()]
        counters = app.get(policies.Policies).counters
        if counters is not None:
            looks.append(("redis", counters.ping))
        for name, look in looks:
            try:
                await look()
            except (AppError, OSError, TimeoutError) as error:
                found.append(Finding(name, "error", str(error)))
            else:
                found.append(Finding(name, "ok"))
        return found

    async def examine(self) -> Sequence[Finding]:
        """Everything that the doctor looks at."""
        return [Finding(item.name, item.state, item.detail, item.advice) for item in await doctor.examine(self._app)]

    async def check_ledger(self) -> Sequence[tuple[str, bool]]:
        """Every check of ledger and money."""
        return [(check["name"], check["ok"]) for check in await doctor.check_ledger(self._app)]

    async def replay_job(self, session: AsyncSession, actor: Actor, job_id: int) -> str:
        """Try a failed job once more. Raises Denied, NotFound `jobs.not_failed`."""
        return await replay_job(session, actor, job_id)


async def replay_job(session: AsyncSession, actor: Actor, job_id: int) -> str:
    """Try a failed job once more, with all its attempts; its name. Raises Denied, NotFound `jobs.not_failed`."""
    actor.require(Permission.OPERATIONS_REPLAY)
    name = await job_queue.replay(session, job_id)
    await audit.record(session, actor, "job.replayed", "job", job_id, after={"name": name})
    return name

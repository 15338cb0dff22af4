"""FIL-5: what a model made is kept for three days; then row and bytes go, and a storage that fails loses neither."""

from datetime import timedelta
from uuid import UUID

import pytest
from obstore.store import MemoryStore

from kassa.adapters.antivirus import Clamd
from kassa.adapters.storage import ObjectStorage
from kassa.core import files, identity
from kassa.core.access import Actor, customer_actor
from kassa.core.files import cleaning
from kassa.kit import clock
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import NotFound, Unavailable
from tests.core.files.test_kinds import picture


class Broken(ObjectStorage):
    """A storage that forgets nothing while it is broken."""

    is_broken = False

    async def delete(self, path: str) -> None:
        """Forget, or fail."""
        if self.is_broken:
            raise Unavailable("files.storage_unavailable")
        await super().delete(path)


@pytest.fixture
def storage() -> Broken:
    return Broken(MemoryStore(), "memory")


@pytest.fixture
async def app(database: Database, storage: Broken) -> App:
    made = App()
    made.put(Database, database)
    made.put(files.Storage, storage)
    made.put(files.Scanner, Clamd(""))
    return made


@pytest.fixture
async def vera(database: Database) -> Actor:
    async with database.transaction() as session:
        organization = await identity.default_organization(session)
        customer = await identity.ensure_customer(session, organization.id, identity.Person(7, "Vera"))
    return customer_actor(organization.id, customer.id)


async def path_of(app: App, file_id: UUID) -> str:
    return str((await app.get(Database).call("select path from files_object where id = $1", file_id))[0]["path"])


async def test_generated_files_end_after_three_days(app: App, vera: Actor, storage: Broken) -> None:
    made = await files.keep_made(app, vera, "lighthouse.png", picture(format="PNG"))
    kept = await files.accept(app, vera, "mine.jpg", "image/jpeg", picture(), files.Purpose.ATTACHMENT)
    path = await path_of(app, made.id)
    with clock.moved(timedelta(days=2, hours=23)):
        await cleaning.clean(app)
        assert await storage.get(path)
    with clock.moved(timedelta(days=3, minutes=1)):
        storage.is_broken = True
        with pytest.raises(Unavailable):
            await cleaning.clean(app)
        storage.is_broken = False
        assert await storage.get(path), "a failure loses nothing"
        await cleaning.clean(app)
    with pytest.raises(NotFound):
        await storage.get(path)
    async with app.get(Database).transaction() as session:
        with pytest.raises(NotFound):
            await files.get_file(session, vera, made.id)
        assert (await files.get_file(session, vera, kept.id)).expires_at is None

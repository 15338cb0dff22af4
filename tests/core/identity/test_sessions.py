"""IDN-1: signing in, tokens that turn over, and what stops working when."""

from datetime import timedelta
from uuid import UUID

import pytest

from kassa.core import access, identity
from kassa.core.access import ActorKind, Permission, Role, TokenPair, TokenSigner
from kassa.kit import clock
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Conflict, Denied, Invalid, LimitReached, Unauthenticated

SIGNER = TokenSigner(("a key for tests only",))
VAULT = Vault(["a key for tests only"])
EMAIL, PASSWORD = "owner@example.com", "a good password"


@pytest.fixture
async def organization(database: Database) -> UUID:
    async with database.transaction() as session:
        found = await identity.default_organization(session)
        await identity.create_staff(session, found.id, EMAIL, PASSWORD, Role.FINANCE)
    return found.id


async def login(database: Database, password: str = PASSWORD, email: str = EMAIL) -> TokenPair | None:
    async with database.transaction() as session:
        return await identity.login_staff(session, SIGNER, VAULT, email, password)


async def signed_in(database: Database) -> TokenPair:
    pair = await login(database)
    assert pair is not None
    return pair


async def who(database: Database, token: str, signer: TokenSigner = SIGNER) -> access.Actor:
    async with database.transaction() as session:
        return await access.authenticate(session, signer, token)


async def refresh(database: Database, token: str, attempt: str | None = None) -> TokenPair | None:
    async with database.transaction() as session:
        return await access.refresh(session, SIGNER, token, attempt)


async def test_a_session_speaks_for_its_person(database: Database, organization: UUID) -> None:
    pair = await signed_in(database)
    actor = await who(database, pair.access_token)
    assert (actor.kind, actor.organization_id) == (ActorKind.STAFF, organization)
    actor.require(Permission.REFUND)
    with pytest.raises(Denied):
        actor.require(Permission.BOTS_EDIT)


async def test_an_access_token_ends_after_a_quarter_of_an_hour(database: Database, organization: UUID) -> None:
    with clock.moved(timedelta(minutes=-16)):
        pair = await signed_in(database)
    with pytest.raises(Unauthenticated):
        await who(database, pair.access_token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzaWQiOiIxIn0."])
async def test_what_is_no_token_is_refused(database: Database, organization: UUID, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await who(database, token)


async def test_a_token_of_another_installation_is_refused(database: Database, organization: UUID) -> None:
    pair = await signed_in(database)
    with pytest.raises(Unauthenticated):
        await who(database, pair.access_token, TokenSigner(("another key altogether",)))
    rotated = TokenSigner(("a new key for tests", *SIGNER.secret_keys))
    await who(database, pair.access_token, rotated)


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(database: Database, organization: UUID) -> None:
    first = await signed_in(database)
    second = await refresh(database, first.refresh_token)
    assert second is not None
    assert await refresh(database, first.refresh_token) is None
    assert await refresh(database, second.refresh_token) is None
    with pytest.raises(Unauthenticated):
        await who(database, second.access_token)


async def test_an_answer_that_was_lost_is_given_again_to_who_knows_the_attempt(
    database: Database, organization: UUID
) -> None:
    first = await signed_in(database)
    lost = await refresh(database, first.refresh_token, "attempt-of-the-first-trade")
    found = await refresh(database, first.refresh_token, "attempt-of-the-first-trade")
    assert lost is not None
    assert found is not None
    assert found.refresh_token == lost.refresh_token
    await who(database, found.access_token)
    second = await refresh(database, found.refresh_token, "attempt-of-the-second-trade")
    assert second is not None
    assert second.refresh_token != found.refresh_token
    assert await refresh(database, first.refresh_token, "attempt-of-the-first-trade") is None
    await who(database, second.access_token)


@pytest.mark.parametrize("attempt", [None, "", "attempt-of-somebody-else"])
async def test_whoever_does_not_know_the_attempt_reuses_the_token(
    database: Database, organization: UUID, attempt: str | None
) -> None:
    first = await signed_in(database)
    second = await refresh(database, first.refresh_token, "attempt-of-the-first-trade")
    assert second is not None
    assert await refresh(database, first.refresh_token, attempt) is None
    with pytest.raises(Unauthenticated):
        await who(database, second.access_token)


async def test_logging_out_counts_at_once(database: Database, organization: UUID) -> None:
    pair = await signed_in(database)
    actor = await who(database, pair.access_token)
    assert actor.session_id is not None
    async with database.transaction() as session:
        await access.close_session(session, actor.id, actor.session_id)
    with pytest.raises(Unauthenticated):
        await who(database, pair.access_token)
    assert await refresh(database, pair.refresh_token) is None


async def test_guessing_locks_the_account_for_a_while(database: Database, organization: UUID) -> None:
    for _ in range(5):
        assert await login(database, "wrong password") is None
    with pytest.raises(LimitReached) as locked:
        await login(database)
    assert 0 < locked.value.facts["retry_after_s"] <= 901
    with clock.moved(timedelta(minutes=16)):
        assert await login(database) is not None


async def test_an_unknown_address_tells_nothing(database: Database, organization: UUID) -> None:
    assert await login(database, email="nobody@example.com") is None


async def test_weak_and_double_accounts_are_refused(database: Database, organization: UUID) -> None:
    async with database.transaction() as session:
        with pytest.raises(Invalid):
            await identity.create_staff(session, organization, "a@example.com", "short", Role.ADMIN)
        with pytest.raises(Invalid):
            await identity.create_staff(session, organization, "not an address", PASSWORD, Role.ADMIN)
        with pytest.raises(Conflict):
            await identity.create_staff(session, organization, EMAIL.upper(), PASSWORD, Role.ADMIN)


async def test_one_customer_per_telegram_account(database: Database, organization: UUID) -> None:
    """IDN-3: names follow Telegram, the customer stays."""
    async with database.transaction() as session:
        first = await identity.ensure_customer(session, organization, identity.Person(7, "Vera"))
        again = await identity.ensure_customer(session, organization, identity.Person(7, "Вера", "Ким", "vera", "ru"))
    assert (first.id, first.number) == (again.id, again.number)
    assert (again.name, again.language) == ("Вера Ким", "ru")

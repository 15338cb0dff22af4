"""The gate in front of every route: who calls and whether they may, in one round trip (NFR-1, POL-2, POL-4).

Plain ASGI. What it learns of the caller is left for the routes, so that nobody asks the database twice.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import asyncpg

from kassa.core import access
from kassa.core.access import Actor
from kassa.core.policies.engine import ARGUMENTS, UNHURRIED, Policies, Row, admission, admission_of_one, alone
from kassa.core.policies.types import Allowed, IpAddress, Refused, Subject, SubjectKind
from kassa.kit import clock, web
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError

from .headers import limit_headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

FAILED = (401, 403, 429)
"""Answers to wrong passwords, codes and tokens; a form that is filled in badly guesses nothing."""
COUNTED = ("/api/v1/", "/v1/")
NEVER_COUNTED = ("/api/v1/webhooks/",)
"""Providers are known by their signatures and send as much as they must."""
SIGNING_IN = "/api/v1/auth/"
ALSO = {
    "register": ("http.register",),
    "password/forgotten": ("http.mail",),
    "verify/send": ("http.mail",),
    "email": ("http.mail",),
    "logout": (),
}
"""What a POST below SIGNING_IN is beside a request; every other one is an attempt to sign in."""

_CALLER = f"access_caller(${ARGUMENTS + 1}, ${ARGUMENTS + 2}, ${ARGUMENTS + 3})"
_BOTH, _BOTH_OF_ONE = (
    f"select p.*, c.*, {UNHURRIED} from {call} p left join lateral {_CALLER} c on true"  # noqa: S608 - our own words
    for call in (admission(), admission_of_one())
)
_WHO = "select * from access_caller($1, $2, $3)"
_KINDS = {"customer": SubjectKind.CUSTOMER, "staff": SubjectKind.STAFF}
REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class _Hint:
    """Whose a session or key is: that never changes. Whether it is still valid is asked every time."""

    organization_id: UUID
    kind: SubjectKind
    subject_id: UUID
    key_id: UUID | None


class Gate:
    """Asks before the application does anything."""

    def __init__(self, app: Application, kassa: App, organization: Callable[[], Awaitable[UUID]]) -> None:
        self._app = app
        self._policies = kassa.get(Policies)
        self._database = kassa.get(Database)
        self._signer = kassa.get(access.TokenSigner)
        self._organization = organization
        self._tokens: OrderedDict[str, tuple[UUID, float]] = OrderedDict()
        self._hints: OrderedDict[UUID | str, _Hint] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["type"] != "http" or not path.startswith(COUNTED) or path.startswith(NEVER_COUNTED):
            await self._app(scope, receive, send)
            return
        try:
            allowed = await self._admit(scope, path)
        except (AppError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            answer = await web.answer(error)
            answer.raw_headers.extend(limit_headers(scope["state"].get("budgets", ())))
            await answer(scope, receive, send)
            return
        status = 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                extra = scope["state"].get("budgets", ())
                message["headers"] = [*message.get("headers", ()), *limit_headers((*allowed.budgets, *extra))]
            await send(message)

        await self._app(scope, receive, told)
        if allowed.counted and status not in FAILED:
            await self._policies.forget(allowed)

    async def _admit(self, scope: Scope, path: str) -> Allowed:
        """Learn who calls and count the request. Raises what the refusal is as an error."""
        state: dict[str, Any] = scope.setdefault("state", {})
        token = _token(scope)
        client = scope.get("client")
        ip = _ip(client[0]) if client else None
        session_id: UUID | None = None
        key_hash: str | None = None
        if token:
            try:
                session_id, key_hash = self._credential(token)
            except AppError as error:
                state["caller"] = error
        credential = session_id or key_hash
        row: Row | None = None
        hint: _Hint | None = None
        if credential is not None:
            hint = self._hints.get(credential)
            if hint is None:
                row = await self._look_up(session_id, key_hash)
                hint = self._remember(credential, row)
        subject = await self._subject(scope, path, ip, hint)
        rows: list[Row] = []

        async def ask(arguments: tuple[object, ...]) -> Row:
            one = alone(arguments)
            query, facts = (_BOTH, arguments) if one is None else (_BOTH_OF_ONE, one)
            found = await self._database.call(query, *facts, session_id, key_hash, clock.now())
            rows.append(found[0])
            return found[0]

        is_both = credential is not None and row is None
        decision = await self._policies.decide(
            "http.request", subject, ask=ask if is_both else None, also=_also(scope, path)
        )
        if is_both:
            row = rows[-1] if rows[-1]["subject_kind"] is not None else None
        if credential is not None:
            state["caller"] = await self._caller(row, key_hash is not None, ip)
        if isinstance(decision, Refused):
            state["budgets"] = decision.budgets
            raise decision.error
        return decision

    def _credential(self, token: str) -> tuple[UUID | None, str | None]:
        """As `access.credential`; a signature that was checked once is not checked again."""
        if token.startswith(access.KEY_PREFIX):
            return None, access.digest(token)
        known = self._tokens.get(token)
        if known is None or known[1] <= clock.now().timestamp():
            known = access.read_token(self._signer, token)
            self._tokens[token] = known
            while len(self._tokens) > REMEMBERED:
                self._tokens.popitem(last=False)
        return known[0], None

    async def _look_up(self, session_id: UUID | None, key_hash: str | None) -> Row | None:
        rows = await self._database.call(_WHO, session_id, key_hash, clock.now())
        return rows[0] if rows else None

    def _remember(self, credential: UUID | str, row: Row | None) -> _Hint | None:
        if row is None:
            return None
        kind = _KINDS.get(row["subject_kind"], SubjectKind.SERVICE)
        if kind is SubjectKind.STAFF and row["key_id"] is not None:
            kind = SubjectKind.SERVICE
        hint = _Hint(row["organization_id"], kind, row["subject_id"], row["key_id"])
        self._hints[credential] = hint
        while len(self._hints) > REMEMBERED:
            self._hints.popitem(last=False)
        return hint

    async def _subject(self, scope: Scope, path: str, ip: IpAddress | None, hint: _Hint | None) -> Subject:
        method = scope["method"]
        if hint is None:
            return Subject(await self._organization(), ip=ip, channel="http", method=method, path=path)
        is_customer = hint.kind is SubjectKind.CUSTOMER
        return Subject(
            hint.organization_id, hint.kind, hint.subject_id if is_customer else None, hint.key_id,
            ip=ip, channel="http", method=method, path=path,
        )  # fmt: skip

    async def _caller(self, row: Row | None, is_key: bool, ip: IpAddress | None) -> Actor | AppError:
        try:
            actor = access.read_caller(row, is_key=is_key, origin=f"http {ip or ''}")
        except AppError as error:
            return error
        if row is not None and row["is_key_stale"]:
            await access.note_use(self._database, actor)
        return actor


@lru_cache(50_000)
def _ip(text: str) -> IpAddress | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _token(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token if scheme.lower() == "bearer" else ""
    return ""


def _also(scope: Scope, path: str) -> tuple[str, ...]:
    """What a request is beside a request."""
    if scope["method"] != "POST" or not path.startswith(SIGNING_IN):
        return ()
    return ALSO.get(path.removeprefix(SIGNING_IN).rstrip("/"), ("http.login",))

"""IDN-5, SEC-1: every route, called by who must not: another organization, another customer, nobody, and with tokens
that are expired, revoked, used before or meant for somebody else. The routes are read from the API's own description,
so a new one is tested before anybody thinks of it."""

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt
import pytest

from kassa.core.access import TokenSigner
from tests.conftest import Server
from tests.flows.installation import Installation, installed
from tests.flows.phone import meet
from tests.flows.steps import ask, buy, choose
from tests.runtime.openapi_bodies import example
from tests.runtime.test_accounts import an_address, registered
from tests.runtime.test_files import upload
from tests.runtime.web import Caller

Json = dict[str, Any]
PASSWORD = "a-good-password"
METHODS = ("get", "post", "put", "delete", "patch")

# Open to everybody: signing in and what is needed before it, the shop window, health.
PUBLIC = {
    ("post", "/api/v1/auth/login"), ("post", "/api/v1/auth/register"), ("post", "/api/v1/auth/refresh"),
    ("post", "/api/v1/auth/telegram"), ("post", "/api/v1/auth/telegram/widget"), ("post", "/api/v1/auth/guest"),
    ("post", "/api/v1/auth/verify"), ("post", "/api/v1/auth/password/forgotten"),
    ("post", "/api/v1/auth/password/reset"), ("post", "/api/v1/auth/invitation"), ("get", "/api/v1/plans"),
    ("get", "/api/health"), ("get", "/api/health/live"), ("get", "/api/health/ready"),
    ("get", "/api/v1/files/{file_id}/{variant}"), ("get", "/api/v1/models"), ("get", "/api/v1/chat/site"),
}  # fmt: skip
# Who has no token is a visitor there; a bad token is refused all the same.
VISITORS = {("get", "/api/v1/chat")}
# Their subject is the installation, not one organization's: jobs are told by number, words and flags by name.
BY_NAME = {"slug", "role", "name", "number", "locale", "key", "provider", "job_id", "update_id", "variant"}


@pytest.fixture(scope="module")
def place(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(test_server, tmp_path_factory.mktemp("isolation")) as made:
        yield made


@pytest.fixture
async def calls(place: Installation) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=place.base) as session:
        yield session


class Stage:
    """Two organizations: the first is full, the second wants to see it."""

    def __init__(self, place: Installation, http: aiohttp.ClientSession, spec: Json) -> None:
        self.place, self.http, self.spec = place, http, spec
        self.owner = self.customer = self.other_owner = self.other_customer = self.neighbour = Caller(http)
        self.ids: dict[str, list[str]] = {}

    def routes(self) -> Iterator[tuple[str, str, Json]]:
        """Every route of the description."""
        for path, operations in sorted(self.spec["paths"].items()):
            for method in METHODS:
                if method in operations:
                    yield method, path, operations[method]

    async def call(self, caller: Caller, method: str, path: str, operation: Json) -> tuple[int, str]:
        """Call with the least that the route requires; the status and the answer as text."""
        body = operation.get("requestBody", {}).get("content", {})
        headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
        query: list[tuple[str, str]] = []
        for given in operation.get("parameters", ()):
            if given.get("required") and given["in"] == "query":
                query.append((given["name"], str(example(given["schema"], self.spec, given["name"]))))
            if given.get("required") and given["in"] == "header":
                headers[given["name"]] = uuid.uuid4().hex
        options: Json = {}
        if "application/json" in body:
            options["json"] = example(body["application/json"]["schema"], self.spec)
        elif "multipart/form-data" in body:
            form = aiohttp.FormData()
            form.add_field("file", b"hello", filename="a.txt", content_type="text/plain")
            options["data"] = form
        async with self.http.request(method, path, params=query, headers=headers, **options) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace")

    def with_ids(self, path: str) -> Iterator[str]:
        """The path with the first organization's things in it."""
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        known = [name for name in names if name not in BY_NAME]
        for number in range(max(len(self.ids.get(name, [""])) for name in known) if known else 1):
            filled = path
            for name in names:
                values = self.ids.get(name) or ["1" if name in BY_NAME else str(uuid.uuid4())]
                filled = filled.replace(f"{{{name}}}", values[number % len(values)])
            yield filled


@pytest.fixture
async def stage(place: Installation, calls: aiohttp.ClientSession) -> Stage:
    async with calls.get("/api/openapi.json") as answer:
        made = Stage(place, calls, await answer.json())
    await place.no_limits()
    made.owner = Caller(calls, (await place.owner(calls))["Authorization"].removeprefix("Bearer "))
    await no_policies(made.owner)
    slug, email = f"other-{uuid.uuid4().hex[:8]}", an_address()
    await place.command("organization", "add", slug, "--owner", email, "--password", PASSWORD)
    made.other_owner = await Caller(calls).login(email, PASSWORD)
    await no_policies(made.other_owner)
    register = {"email": an_address(), "password": PASSWORD}
    pair = await Caller(calls).post("/auth/register", register | {"organization": slug})
    made.other_customer = Caller(calls, pair["access_token"])
    made.neighbour, _ = await registered(calls)
    await furnish(made)
    return made


async def no_policies(owner: Caller) -> None:
    """Rules that refuse nothing: a thousand requests an hour are not enough for a test of every route."""
    await owner.put("/admin/policies", {"source": "rules: []\n", "note": "a test"})


async def furnish(stage: Stage) -> None:
    """Fill the first organization with one of everything that has an id."""
    phone = await meet(stage.http, stage.place.base, "neuro_demo_bot")
    await buy(phone)
    await choose(phone, "chatgpt-4-omni-mini")
    await ask(phone, "A secret question")
    token = (await stage.place.customer(phone, stage.http))["Authorization"].removeprefix("Bearer ")
    stage.customer = Caller(stage.http, token)
    await stage.customer.get("/chat")  # makes the bot of the organization's site
    me = await stage.customer.get("/auth/me")
    order = (await stage.customer.get("/billing/history"))["items"][0]
    dialog = (await stage.owner.get("/admin/dialogs?limit=1"))["items"][0]["dialog_id"]
    _, file = await upload(stage.customer, "a.txt", b"a secret file", "text/plain")
    key = await stage.customer.post("/auth/keys", {"name": "secret"})
    own = (await stage.customer.get("/auth/sessions"))["items"][0]["id"]
    member = await stage.owner.post("/admin/staff", {"email": an_address(), "password": PASSWORD, "role": "analyst"})
    invited = await stage.owner.post("/admin/invitations", {"email": an_address(), "role": "analyst"})
    stage.ids = {
        "customer_id": [me["id"]], "order_id": [order["id"], order["payment"]["id"]],
        "payment_id": [order["payment"]["id"], order["id"]], "dialog_id": [dialog], "file_id": [file["id"]],
        "key_id": [key["id"], (await stage.owner.get("/admin/ai/keys"))["items"][0]["id"]], "session_id": [own],
        "member_id": [member["id"]], "invitation_id": [invited["id"]],
        "bot_id": [item["id"] for item in (await stage.owner.get("/admin/bots"))["items"]],
        "route_id": [(await stage.owner.get("/admin/ai/routes"))["items"][0]["id"]],
    }  # fmt: skip


async def test_another_organization_sees_and_changes_nothing(stage: Stage) -> None:
    """IDN-5: with every id of the first organization the second's owner and customer get 404 (or 403), and no list of
    theirs shows anything of the first."""
    bots = stage.ids["bot_id"]
    private = [value for name in stage.ids if name != "bot_id" for value in stage.ids[name]] + ["A secret question"]
    seen: list[str] = []
    tried = 0
    for method, path, operation in stage.routes():
        for caller in (stage.other_owner, stage.other_customer, stage.neighbour):
            is_ours = any(f"{{{name}}}" in path for name in stage.ids)
            for filled in stage.with_ids(path) if is_ours else [path]:
                if "{" in filled or (not is_ours and method != "get"):
                    continue
                tried += 1
                # A customer talks to the bots of their own organization, and may know which they are.
                secrets = private if caller is stage.neighbour else private + bots
                status, text = await stage.call(caller, method, filled, operation)
                if is_ours and (method, path) not in PUBLIC and status not in {403, 404}:
                    seen.append(f"{method} {filled}: {status} {text[:200]}")
                if not is_ours and (method, path) not in PUBLIC and any(secret in text for secret in secrets):
                    seen.append(f"{method} {filled} shows something")
                assert status < 500, (method, filled, text)
    assert not seen, "\n".join(seen)
    assert tried > 200
    assert (await stage.customer.get("/auth/me"))["id"] == stage.ids["customer_id"][0]


async def test_who_is_nobody_or_has_a_bad_token_gets_nowhere(stage: Stage) -> None:
    """IDN-1, SEC-1: no token, and tokens that are expired, revoked, of another audience or key, or no tokens at all."""
    signer = TokenSigner(((stage.place.folder / "data" / "secret-key").read_text().strip(),))
    claims = jwt.decode(stage.owner.token, options={"verify_signature": False})

    def signed(key: bytes = signer.keys()[0], **changes: Any) -> Caller:
        return Caller(stage.http, jwt.encode(claims | changes, key, algorithm="HS256"))

    assert (await stage.call(signed(), "get", "/api/v1/admin/me", {}))[0] == 200, "the forger knows how"
    revoked = await stage.owner.login("owner@example.com", await password_of(stage))
    await revoked.call("POST", "/auth/logout")
    used = await Caller(stage.http).post("/auth/register", {"email": an_address(), "password": PASSWORD})
    await Caller(stage.http).post("/auth/refresh", {"refresh_token": used["refresh_token"]})
    await Caller(stage.http).call("POST", "/auth/refresh", {"refresh_token": used["refresh_token"]})
    callers = {
        "nobody": Caller(stage.http),
        "expired": signed(exp=datetime.now(UTC) - timedelta(seconds=1)),  # noqa: TID251 - a claim, not our time
        "revoked": revoked,
        "of a family whose token was used twice": Caller(stage.http, used["access_token"]),
        "wrong audience": signed(aud="somebody-else"),
        "no audience": Caller(
            stage.http, jwt.encode({key: claims[key] for key in ("sid", "exp")}, signer.keys()[0], algorithm="HS256")
        ),
        "another installation's": signed(b"x" * 32),
        "no signature": Caller(stage.http, jwt.encode(claims, "", algorithm="none")),
        "no such session": signed(sid=str(uuid.uuid4())),
        "a key that is not there": Caller(stage.http, "sk-kassa-" + "x" * 40),
        "nonsense": Caller(stage.http, "Ω\u0000" .encode().hex()),
    }  # fmt: skip
    wrong: list[str] = []
    for method, path, operation in stage.routes():
        if (method, path) in PUBLIC:
            continue
        filled = next(stage.with_ids(path))
        for name, caller in callers.items():
            status, text = await stage.call(caller, method, filled, operation)
            if status != 401 and not (name == "nobody" and (method, path) in VISITORS):
                wrong.append(f"{name}: {method} {filled}: {status} {text[:120]}")
            elif status == 401 and not filled.startswith("/v1/"):
                assert json.loads(text)["code"].startswith("access."), (name, path, text)
    assert not wrong, "\n".join(wrong[:40])


async def test_customers_are_not_staff_and_staff_are_not_customers(stage: Stage) -> None:
    """IDN-4: a customer's token opens no staff route, and a customer's key nothing but /v1."""
    key = Caller(stage.http, (await stage.customer.post("/auth/keys", {"name": "k"}))["secret"])
    wrong: list[str] = []
    for method, path, operation in stage.routes():
        filled = next(stage.with_ids(path))
        if path.startswith("/api/v1/admin/"):
            for caller in (stage.customer, key):
                status, _ = await stage.call(caller, method, filled, operation)
                if status != 403:
                    wrong.append(f"customer: {method} {filled}: {status}")
        elif path.startswith("/api/v1/") and (method, path) not in PUBLIC:
            status, text = await stage.call(key, method, filled, operation)
            if status != 403:
                wrong.append(f"key: {method} {filled}: {status} {text[:100]}")
        elif path.startswith("/v1/"):
            status, _ = await stage.call(stage.owner, method, filled, operation)
            if status not in {403, 404}:
                wrong.append(f"staff: {method} {filled}: {status}")
    assert not wrong, "\n".join(wrong[:40])


async def password_of(stage: Stage) -> str:
    """The owner's password of the sandbox."""
    return str((stage.place.folder / "data" / "owner-password").read_text().strip())

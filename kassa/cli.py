"""The command line: each command is a thin call, and has --json for machines."""

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from kassa.kit import loop
from kassa.kit import migrate as migrations
from kassa.kit.app import App
from kassa.kit.errors import AppError
from kassa.runtime import commands, process, roles
from kassa.runtime.roles import Role
from kassa.runtime.settings import Settings, load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Kassa: a business on Telegram bots and the web.")
bot_app = typer.Typer(no_args_is_help=True, help="The installation's bots.")
staff_app = typer.Typer(no_args_is_help=True, help="People who work here.")
ledger_app = typer.Typer(no_args_is_help=True, help="The double-entry ledger.")
organization_app = typer.Typer(no_args_is_help=True, help="The businesses of this installation.")
policy_app = typer.Typer(no_args_is_help=True, help="The rules of limits.")
text_app = typer.Typer(no_args_is_help=True, help="The texts of a bot.")
for name, sub in (("bot", bot_app), ("staff", staff_app), ("ledger", ledger_app), ("text", text_app),
                  ("organization", organization_app), ("policy", policy_app)):  # fmt: skip
    app.add_typer(sub, name=name)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Out = TypeVar("Out")

_console = Console()
_errors = Console(stderr=True)


def main() -> None:
    """Run a command; an expected failure ends with its code and words, not with a traceback."""
    try:
        app()
    except AppError as error:
        _fail(error)
    except BaseExceptionGroup as group:
        # A role that cannot start ends the others with it; the reason is what people need to read.
        reasons, rest = group.split(AppError)
        if reasons is None or rest is not None:
            raise
        _fail(next(error for error in _leaves(reasons) if isinstance(error, AppError)))


def _fail(error: AppError) -> NoReturn:
    if "--json" in sys.argv:
        facts = {"code": error.code, "message": error.message, "details": error.facts}
        sys.stdout.write(json.dumps(facts, default=str) + "\n")
    else:
        _errors.print(f"[red]{error.code}[/red]: {error.message}", highlight=False)
    sys.exit(2)


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


@app.command()
def up(
    wanted: Annotated[list[Role] | None, typer.Argument(help="Roles to serve; all when none is named.")] = None,
    as_json: Json = False,
) -> None:
    """Start Kassa: all roles in one process, or the named ones."""
    settings = load()

    def on_ready(addresses: process.Addresses) -> None:
        if as_json:
            facts = {
                "url": addresses.app, "app": f"{addresses.app}/", "panel": f"{addresses.app}/admin/",
                "sandbox": addresses.sandbox,
                "docs": addresses.docs, "owner": addresses.admin_email, "mode": settings.mode.value, "status": "ready",
            }  # fmt: skip
            sys.stdout.write(json.dumps(facts) + "\n")
            sys.stdout.flush()
            return
        lines = ["\n[bold green]Kassa is ready.[/bold green]"]
        if addresses.sandbox:
            lines += [
                f"  Try it      {addresses.sandbox}   (a Telegram in the browser; payments are play money)",
                f"  Owner       {addresses.admin_email}, password in {settings.data_dir / 'owner-password'}",
            ]
        lines += [
            f"  App         {addresses.app}/   (what customers see)", f"  Panel       {addresses.app}/admin/",
            f"  API         {addresses.docs}", "  Stop        Ctrl-C\n",
        ]  # fmt: skip
        _console.print("\n".join(lines), soft_wrap=True)

    loop.run(process.serve(settings, wanted or list(roles.ALL), on_ready))


@app.command()
def migrate(as_json: Json = False) -> None:
    """Bring the database to this version's schema."""
    _run(_nothing)
    _print({"schema": migrations.head()}, as_json, f"The schema is at {migrations.head()}.")


@app.command()
def seed(as_json: Json = False) -> None:
    """Add the catalogue of plans and models, and in sandbox mode demo bots and customers."""
    found = _run(commands.seed)
    _print(found, as_json, f"{found['plans']} plans and {found['models']} models are there; {found['bots']} bots.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look at settings and services, and explain what is wrong. Exits with 1 when something is."""
    settings = load()
    found = loop.run(commands.diagnose(settings))
    if as_json:
        sys.stdout.write(json.dumps(found, default=str) + "\n")
    else:
        table = Table("", "What", "Found", "What to do")
        signs = {"ok": "[green]ok[/green]", "warning": "[yellow]note[/yellow]", "error": "[red]WRONG[/red]"}
        for finding in found["findings"]:
            table.add_row(signs[finding["state"]], finding["name"], finding["detail"], finding["advice"])
        _console.print(table)
    raise typer.Exit(0 if found["ok"] else 1)


@app.command("rotate-keys")
def rotate_keys(as_json: Json = False) -> None:
    """Encrypt every stored secret with the first of KASSA_SECRET_KEYS."""
    found = _run(commands.rotate_keys)
    _print(found, as_json, f"{found['bots']} bot tokens and {found['ai_keys']} provider keys were encrypted anew.")


@app.command()
def refund(
    payment: Annotated[str, typer.Argument(help="Payment or order id, or the order's number.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the refund.")],
    amount: Annotated[str | None, typer.Option(help='How much, like "49.00"; all that is left when not given.')] = None,
    as_json: Json = False,
) -> None:
    """Give a customer's money back through the payment provider, with that purchase's tokens."""
    found = _run(lambda running: commands.refund(running, payment, amount, reason))
    _print(found, as_json, f"Refund {found['id']}: {found['status']}, {found['tokens_taken']} tokens taken back.")


@app.command()
def openapi(
    path: Annotated[Path | None, typer.Argument(help="Where to write; the screen when not given.")] = None,
) -> None:
    """Write the API's description."""
    document = json.dumps(_run(commands.openapi), indent=1, ensure_ascii=False) + "\n"
    if path is None:
        sys.stdout.write(document)
    else:
        path.write_text(document, encoding="utf-8")


@app.command()
def backup(path: Annotated[Path, typer.Argument(help="The file to write.")], as_json: Json = False) -> None:
    """Write the whole database into one file (pg_dump's custom format)."""
    size = commands.backup(load(), path)
    _print({"path": str(path), "bytes": size}, as_json, f"{path}: {size:,} bytes.")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A file that `kassa backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Really replace the present database.")] = False,
    as_json: Json = False,
) -> None:
    """Replace the database with a backup. Stop Kassa first."""
    commands.restore(load(), path, is_sure=yes)
    _print({"path": str(path), "restored": True}, as_json, f"The database is as it was in {path}.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure this machine: every figure as a ratio to a bare program in the same run."""
    raise typer.Exit(commands.bench(context.args))


@bot_app.command("add")
def bot_add(
    token: Annotated[str, typer.Option(help="The token @BotFather gave.")],
    locale: Annotated[str, typer.Option(help="The language for people whose own is not offered.")] = "ru",
    locales: Annotated[str, typer.Option(help="Comma list of languages; KASSA_SUPPORTED_LOCALES when not given.")] = "",
    plans: Annotated[str, typer.Option(help="Comma list of plans it sells; all when not given.")] = "",
    models: Annotated[str, typer.Option(help="Comma list of models it offers; all when not given.")] = "",
    as_json: Json = False,
) -> None:
    """Connect a bot. Its token is checked with Telegram and stored encrypted."""
    found = _run(lambda running: commands.add_bot(running, token, locale, locales, plans, models))
    _print(found, as_json, f"@{found['username']} is connected, id {found['id']}.")


@bot_app.command("list")
def bot_list(as_json: Json = False) -> None:
    """Show the bots."""
    found = _run(commands.list_bots)
    lines = [f"@{bot['username']}  {bot['id']}  {bot['problem'] or 'ok'}" for bot in found["bots"]]
    _print(found, as_json, "\n".join(lines) or "There are no bots.")


@bot_app.command("remove")
def bot_remove(
    bot: Annotated[str, typer.Argument(help="Its id, Telegram id or @username.")], as_json: Json = False
) -> None:
    """Disconnect a bot and forget its token; its history stays."""
    found = _run(lambda running: commands.remove_bot(running, bot))
    _print(found, as_json, f"@{found['username']} was removed.")


@text_app.command("set")
def text_set(bot: str, locale: str, key: str, text: str, as_json: Json = False) -> None:
    """Use your own version of a text (Fluent with Markdown) in a bot; an empty one goes back to the default."""
    found = _run(lambda running: commands.set_text(running, bot, locale, key, text))
    _print(found, as_json, found["preview"])


@staff_app.command("create")
def staff_create(
    email: str,
    role: Annotated[
        str, typer.Option(help="owner, super_admin, admin, moderator, support_agent, finance_admin or analyst.")
    ] = "admin",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="At least 8 characters.")] = "",
    as_json: Json = False,
) -> None:
    """Add a member of staff."""
    found = _run(lambda running: commands.create_staff(running, email, password, role))
    _print(found, as_json, f"{email} may sign in as {role}.")


@organization_app.command("add")
def organization_add(
    slug: Annotated[str, typer.Argument(help="Its short name: letters, digits and hyphens.")],
    owner: Annotated[str, typer.Option(help="The owner's e-mail.")],
    name: Annotated[str, typer.Option(help="What customers see.")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, help="At least 8 characters.")] = "",
    as_json: Json = False,
) -> None:
    """Add another business with customers, bots, plans and staff of its own."""
    found = _run(lambda running: commands.add_organization(running, slug, name, owner, password))
    _print(found, as_json, f"{found['name']} is there; {owner} may sign in as its owner.")


@ledger_app.command("check")
def ledger_check(as_json: Json = False) -> None:
    """Run every check of ledger and money. Exits with 1 when one is red."""
    found = _run(commands.check_ledger)
    if as_json:
        sys.stdout.write(json.dumps(found, default=str) + "\n")
    else:
        for check in found["checks"]:
            _console.print(
                ("[green]ok [/green] " if check["ok"] else "[red]RED[/red] ") + check["name"].replace("_", " ")
            )
            for row in check["examples"]:
                _console.print(f"      {row}", highlight=False)
    raise typer.Exit(0 if found["ok"] else 1)


@policy_app.command("show")
def policy_show(as_json: Json = False) -> None:
    """Print the rules in force."""
    found = _run(commands.show_rules)
    _print(found, as_json, found["source"])


@policy_app.command("check")
def policy_check(path: Path, as_json: Json = False) -> None:
    """Read a file of rules without saving it. Exits with 1 when something is wrong, and says what."""
    found = commands.check_rules(path)
    _print(found, as_json, "\n".join(found["problems"]) or f"{found['rules']} rules, nothing wrong.")
    raise typer.Exit(0 if found["ok"] else 1)


@policy_app.command("set")
def policy_set(
    path: Path, note: Annotated[str, typer.Option(help="Why, for whoever reads the history.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Put the rules of a file in force, in every process from the next request on."""
    found = _run(lambda running: commands.save_rules(running, path.read_text("utf-8"), note))
    _print(found, as_json, f"Version {found['number']} is in force.")


async def _nothing(_app: App) -> None:
    return None


def _run(work: Callable[[App], Awaitable[Out]]) -> Out:
    settings: Settings = load()
    return loop.run(process.with_app(settings, work))


def _print(facts: dict[str, Any], as_json: bool, words: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts, default=str) + "\n")
    else:
        _console.print(words, highlight=False, markup=False)

"""Lookup and checking of texts (Project Fluent). Texts are Markdown; facts put into them are escaped."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast, serialize
from fluent.syntax.visitor import Visitor

from kassa.kit.errors import Invalid, NotFound

_MARKDOWN = re.compile(r"([\\`*_\[\]()~#|<>])")


class Markup(str):
    """A fact that is Markdown already and is put into a text as it is."""

    __slots__ = ()


class Texts:
    """All texts of this installation: the modules' files, by locale."""

    def __init__(self, default_locale: str = "ru") -> None:
        self.default_locale = default_locale
        self._bundles: dict[str, FluentBundle] = {}
        self._entries: dict[str, dict[str, ast.Message]] = {}
        self._overridden: dict[tuple[str, str], FluentBundle] = {}

    def add_folder(self, folder: Path) -> None:
        """Load every <locale>.ftl of a module. A broken file or a key that exists already stops the start."""
        for path in sorted(folder.glob("*.ftl")):
            locale = path.stem
            known = self._entries.setdefault(locale, {})
            parsed = _parse(path.read_text(encoding="utf-8"), str(path))
            for entry in _messages(parsed):
                if entry.id.name in known:
                    raise Invalid("i18n.duplicate_key", f"{path}: {entry.id.name} exists already")
                known[entry.id.name] = entry
            self._bundle(locale).add_resource(parsed)

    @property
    def locales(self) -> list[str]:
        """The languages there are texts for."""
        return sorted(self._bundles)

    def keys(self, locale: str) -> list[str]:
        """Every key of a language."""
        return sorted(self._entries.get(locale, {}))

    def text(self, key: str, locale: str, overrides: Mapping[str, str] | None = None, **facts: Any) -> str:
        """The text in a locale, the owner's version first, the default locale when there is none.

        Strings among the facts are escaped for Markdown; `Markup` is not. A missing key answers itself, because
        a customer is better served by a strange word than by silence; a test keeps keys complete.
        """
        name = key.replace(".", "-")
        values = {fact: _safe(value) for fact, value in facts.items()}
        own = (overrides or {}).get(f"{locale}/{name}")
        if own is not None:
            bundle = self._override(locale, name, own)
            return _format(bundle, f"own-{name}", values)
        for candidate in (locale, self.default_locale):
            bundle = self._bundles.get(candidate)  # type: ignore[assignment]  # None is handled in the next line
            if bundle is not None and bundle.has_message(name):
                return _format(bundle, name, values)
        return key

    def source(self, key: str, locale: str) -> str:
        """The default version of a text as it stands in its file. Raises NotFound `i18n.text_not_found`."""
        return _serialize(self._message(key, locale))

    def variables(self, key: str, locale: str) -> set[str]:
        """The facts a text may use."""
        return _variables(self._message(key, locale))

    def check(self, key: str, locale: str, own: str) -> None:
        """Refuse a version that does not parse or uses facts the text does not get: Invalid `i18n.text_invalid`.

        Raises NotFound `i18n.locale_unknown`, `i18n.text_not_found` too.
        """
        if locale not in self.locales:
            raise NotFound("i18n.locale_unknown", f"There are texts in {', '.join(self.locales)}", locale=locale[:20])
        allowed = self.variables(key, locale)
        entries = _messages(_parse(_as_message(key, own), key))
        if len(entries) != 1:
            raise Invalid("i18n.text_invalid", "The text is not one Fluent pattern", key=key)
        if _refers(entries[0]):
            raise Invalid("i18n.text_invalid", "The text refers to other texts or functions", key=key)
        unknown = _variables(entries[0]) - allowed
        if unknown:
            raise Invalid("i18n.text_invalid", "The text uses facts it does not get", key=key,
                          unknown=sorted(unknown), allowed=sorted(allowed))  # fmt: skip

    def preview(self, key: str, locale: str, own: str, facts: Mapping[str, Any]) -> str:
        """The owner's version with facts filled in; facts not given show their names. Raises as `check`."""
        self.check(key, locale, own)
        filled = {name: f"{{{name}}}" for name in self.variables(key, locale)} | dict(facts)
        return self.text(key, locale, {f"{locale}/{key.replace('.', '-')}": own}, **filled)

    def _message(self, key: str, locale: str) -> ast.Message:
        name = key.replace(".", "-")
        for candidate in (locale, self.default_locale):
            if name in self._entries.get(candidate, {}):
                return self._entries[candidate][name]
        raise NotFound("i18n.text_not_found", "No such text", key=key)

    def _bundle(self, locale: str) -> FluentBundle:
        if locale not in self._bundles:
            self._bundles[locale] = FluentBundle([locale], use_isolating=False)
        return self._bundles[locale]

    def _override(self, locale: str, name: str, own: str) -> FluentBundle:
        cached = self._overridden.get((locale, own))
        if cached is None:
            cached = FluentBundle([locale], use_isolating=False)
            self._overridden[locale, own] = cached
        if not cached.has_message(f"own-{name}"):
            cached.add_resource(FluentResource(_as_message(f"own-{name}", own)))
        return cached


def choose_locale(saved: str | None, language: str, supported: list[str], default: str) -> str:
    """The saved choice, else Telegram's language, else the default (I18-1)."""
    for wanted in (saved or "", language.split("-")[0].lower()):
        if wanted in supported:
            return wanted
    return default


def _format(bundle: FluentBundle, name: str, values: dict[str, Any]) -> str:
    pattern = bundle.get_message(name).value
    text, _errors = bundle.format_pattern(pattern, values)  # type: ignore[arg-type]  # a message of ours has a value
    return str(text)


def _safe(value: Any) -> Any:
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, str):
        return _MARKDOWN.sub(r"\\\1", value)
    return value


def _as_message(name: str, text: str) -> str:
    """A text as a Fluent message. At a line's beginning Markdown's * and [ and a dot would be Fluent's own signs."""
    lines, depth = [], 0
    for line in text.strip().splitlines() or ['{ "" }']:
        if depth == 0 and line.lstrip()[:1] in ("*", "[", "."):
            bare = line.lstrip()
            line = f'{line[: len(line) - len(bare)]}{{ "{bare[0]}" }}{bare[1:]}'
        depth = max(0, depth + line.count("{") - line.count("}"))
        lines.append(f"    {line}" if line.strip() else "")
    return f"{name.replace('.', '-')} =\n" + "\n".join(lines) + "\n"


def _parse(source: str, where: str) -> ast.Resource:
    parsed = FluentParser().parse(source)
    for entry in parsed.body:
        if isinstance(entry, ast.Junk):
            raise Invalid("i18n.text_invalid", f"{where}: {entry.annotations[0].message}", key=where)
    return parsed


def _messages(parsed: ast.Resource) -> list[ast.Message]:
    return [entry for entry in parsed.body if isinstance(entry, ast.Message)]


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.references: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the visitor's protocol
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - as above
        self.references.add(node.id.name)

    def visit_TermReference(self, node: ast.TermReference) -> None:  # noqa: N802 - as above
        self.references.add(node.id.name)

    def visit_FunctionReference(self, node: ast.FunctionReference) -> None:  # noqa: N802 - as above
        self.references.add(node.id.name)
        self.generic_visit(node)


def _variables(message: ast.Message) -> set[str]:
    visitor = _Variables()
    visitor.visit(message)
    return visitor.names


def _refers(message: ast.Message) -> bool:
    """Whether a text is more than words and facts: what it refers to is not there when it is said."""
    visitor = _Variables()
    visitor.visit(message)
    return bool(visitor.references)


def _serialize(message: ast.Message) -> str:
    source: str = serialize(ast.Resource([message]))
    body = source.split("=", 1)[1]
    return "\n".join(line.removeprefix("    ") for line in body.strip("\n").splitlines()).strip()

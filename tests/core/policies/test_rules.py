"""Rules as people write them, and what they are told when something is wrong (POL-1)."""

import json

import pytest

from kassa.core.policies.rules import default_source, read_rules
from kassa.kit.errors import Invalid


def problem(source: str) -> dict[str, object]:
    """The first thing that is wrong with a document."""
    with pytest.raises(Invalid) as refused:
        read_rules(source)
    assert refused.value.code == "policies.rules_invalid"
    found: dict[str, object] = refused.value.facts["problems"][0]
    assert str(found["line"]) in refused.value.message
    return found


def test_the_built_in_rules() -> None:
    """POL-2: tiers, addresses, registrations, API plans, connections, uploads and bursts are there from the start."""
    rules = {rule.name: [limit.text for limit in rule.limits] for rule in read_rules(default_source()).rules}
    assert rules["ai-free"] == rules["api-free"] == ["5/hour"]
    assert rules["ai-basic"] == ["100/hour"]
    assert rules["ai-premium"] == ["500/hour"]
    assert rules["http-per-ip"] == ["1000/hour"]
    assert rules["registrations"] == ["10/hour"]
    plans = [rules[f"api-plan-{name}"][0] for name in ("daily", "weekly", "monthly", "yearly")]
    assert plans == ["100/day", "1000/week", "10000/month", "150000/year"]


def test_json_is_read_as_well() -> None:
    """POL-1: rules are JSON or YAML."""
    document = {"timezone": "Europe/Moscow", "rules": [{"name": "a", "actions": ["x.go"], "limits": ["5/day"]}]}
    assert read_rules(json.dumps(document)).rules[0].limits[0].most == 5


@pytest.mark.parametrize(
    ("lines", "line", "where", "words"),
    [
        (["rules:", "  - name: a", "    actions: [x.go]", "    limits: [5/fort]"], 4, "rules.0.limits", "10 minutes"),
        (["rules:", "  - name: a", "    actions: [x.go]", "    limit: 5/hour"], 4, "rules.0.limit", "limits, window"),
        (["rules:", "  - name: A b", "    actions: [x.go]", "    deny: no"], 2, "rules.0.name", "pattern"),
        (["rules:", "  - {name: a, actions: [x.go], when: {teir: free}, deny: x}"], 2, "rules.0.when.teir", "tier"),
        (["rules:", "  - {name: a, actions: [x.go], when: {ip: 1.1.1.300}, deny: x}"], 2, "rules.0.when.ip", "1.300"),
        (["rules:", "  - {name: a, actions: [x.go]}"], 2, "rules.0", "limits, max_size or deny"),
        (["rules:", "  - {name: a, actions: [x.go], limits: [5/hour, 6/hour]}"], 2, "rules.0", "one limit for each"),
        (["rules:", "  - {name: a, actions: [x.go], per: plan, limits: [5/hour]}"], 2, "rules.0", "when.plan"),
        (["rules:", "  - {name: a, actions: [go], deny: x}"], 2, "rules.0.actions.0", "pattern"),
        (["rules:", *["  - {name: a, actions: [x.go], deny: x}"] * 2], 1, "rules", "two rules are called a"),
        (["rules:", "  - &a {name: a, actions: [x.go], deny: x}", "  - *a"], 3, "", "*a"),
        (["timezone: Mars", "rules: []"], 1, "timezone", "Europe/Moscow"),
        (["rules:", "  - [a"], 2, "", "expected"),
        (["rules: 5"], 1, "rules", "tuple"),
        (["[]"], 1, "", "dictionary"),
        ([""], 1, "", "dictionary"),
        (["!!python/object:os.system {}"], 1, "", "constructor"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_line_key_and_value(lines: list[str], line: int, where: str, words: str) -> None:
    """POL-1: parsed with clear errors."""
    found = problem("\n".join(lines))
    assert found["line"] == line, found
    assert str(found["where"]).startswith(where), found
    assert words in f"{found['problem']} {found['value']}", found


def test_too_much() -> None:
    """POL-1: a document of any depth and size is a refusal, never an error of ours."""
    assert problem("[" * 5000)["problem"]
    assert "bytes" in str(problem("#" * 200_001)["problem"])

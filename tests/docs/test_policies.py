"""The examples of rules in the operator's guide are rules, and the table names every key and attribute (POL-1)."""

import re

import pytest

from kassa.core.policies.rules import ACTIONS, Condition, Rule, read_rules
from tests.docs.commands import ROOT

PAGE = (ROOT / "docs" / "operate" / "policies.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_saved(example: str) -> None:
    assert read_rules(example).rules


def test_nothing_is_left_out() -> None:
    names = {*Rule.model_fields, *Condition.model_fields, *ACTIONS} - {"name", "note"}
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []

"""OPS-6: the runbook and the pages about settings and metrics know everything that the program can say."""

import re

from kassa.core import billing
from kassa.core.ledger import checks
from tests.docs.commands import ROOT

RUNBOOK = (ROOT / "docs/operate/runbook.md").read_text("utf-8")
METRICS = (ROOT / "docs/operate/metrics.md").read_text("utf-8")


def sources(*folders: str) -> str:
    """The program's text."""
    return "\n".join(path.read_text("utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_the_runbook_explains_every_finding_of_the_doctor() -> None:
    found = set(re.findall(r'Finding\(\s*f?"([a-z_]+(?: to review)?)', sources("kassa/runtime")))
    assert len(found) > 12
    assert [name for name in sorted(found - {"ai key"}) if f"`{name}" not in RUNBOOK] == []


def test_the_runbook_explains_every_check_of_the_ledger() -> None:
    names = [*checks.LEDGER_CHECKS, *billing.BILLING_CHECKS]
    assert [name for name in names if f"`{name}`" not in RUNBOOK] == []


def test_every_metric_named_in_the_documentation_exists() -> None:
    existing = set(re.findall(r'"(kassa_[a-z_]+)"', sources("kassa/kit", "kassa/core", "kassa/runtime")))
    named = set(re.findall(r"`(kassa_[a-z_]+)", METRICS + RUNBOOK))
    assert named - existing == set()

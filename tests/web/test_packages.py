"""The packages of web/ test themselves; here they are run with everything else."""

import shutil
import subprocess

import pytest

from tests.flows.installation import ROOT

WEB = ROOT / "web"


@pytest.mark.parametrize("package", ["live"])
def test_a_package_passes_its_own_tests(package: str) -> None:
    """CHN-4, DSK-4: the client of the WebSocket: resume, growing pauses, an outbox that sends once."""
    npm = shutil.which("npm")
    assert npm, "Node.js runs the tests of the web packages"
    run = subprocess.run(
        [npm, "run", "test", "-w", f"@kassa/{package}"], cwd=WEB, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    assert "# fail 0" in run.stdout

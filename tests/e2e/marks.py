"""What every test with a browser is."""

import pytest

ON_THE_LOOP_OF_THE_BROWSER = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
"""The browser is started once a process, and lives on the event loop that started it."""

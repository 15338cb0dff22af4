"""Processes that serve sockets over one database."""

from collections.abc import AsyncIterator

import pytest

from tests.core.live.nodes import Node, serving


@pytest.fixture
async def node(database_url: str) -> AsyncIterator[Node]:
    """One process."""
    async with serving(database_url) as node:
        yield node


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Node]:
    """Another process over the same database."""
    async with serving(database_url) as node:
        yield node

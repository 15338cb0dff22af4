"""The ports of the gateway: what an AI driver must do. Drivers hold no state, no key and no database session."""

from collections.abc import AsyncGenerator
from typing import Protocol

from .types import Endpoint, Made, MakeRequest, TextEvent, TextRequest


class TextDriver(Protocol):
    """Asks a text model. One driver serves every endpoint and key of its kind."""

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Yield the answer's parts, at most one Usage, and Finished last. Closing the generator drops the connection.

        Raises ProviderError for every failure: an HTTP error, an error inside a 200, a refusal, a blocked prompt,
        an empty answer, a stream that breaks off, a time-out. It never retries.
        """
        ...

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """Ask the cheapest thing that needs a working key. Raises ProviderError with the class of the trouble."""
        ...


class MakeDriver(Protocol):
    """Makes a picture, speech, a transcript or vectors in one call. Raises ProviderError as a TextDriver does."""

    async def make(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        """Ask once; never retries."""
        ...

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """Ask the cheapest thing that needs a working key."""
        ...

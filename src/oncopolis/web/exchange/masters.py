"""A read says who is master of what it shows, in a header of the answer."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncopolis.interop.settings import Settings

__all__ = ["HEADER", "NamesMasters"]

HEADER: Final = "Oncopolis-Master"


class NamesMasters:
    """Adds the header to answers about records of a type that has a master.

    Parameters
    ----------
    base
        Path of the FHIR API.
    """

    def __init__(self, app: ASGIApp, settings: Settings, base: str) -> None:
        self.app, self.settings, self.base = app, settings, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        path = scope.get("path", "")
        type_ = (
            path.removeprefix(f"{self.base}/").partition("/")[0] if path.startswith(f"{self.base}/") else ""
        )
        master = self.settings.find_master(type_)
        if not master:
            await self.app(scope, receive, send)
            return

        async def name(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = master
            await send(message)

        await self.app(scope, receive, name)

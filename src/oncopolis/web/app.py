"""The application: what answers below which address."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from oncopolis.record.access.practice import Practice
from oncopolis.record.fhir.definitions import Definitions, get_definitions
from oncopolis.record.store import Store
from oncopolis.web.declaring import BY_POLICY, check_declared, declare
from oncopolis.web.fhir import LIMIT_BYTES, FhirEndpoint
from oncopolis.web.fhir.gate import Gate
from oncopolis.web.mode import Marked, Mode

FHIR, API = "/fhir", "/api"
ACTS = f"{API}/acts"


def make_app(
    store: Store,
    definitions: Definitions | None = None,
    *,
    base: str | None = None,
    limit_bytes: int = LIMIT_BYTES,
    api: ASGIApp | None = None,
    acts: ASGIApp | None = None,
    pages: Sequence[BaseRoute] = (),
    security: Mapping[str, Any] | None = None,
    gate: Gate | None = None,
    practice: Practice | None = None,
    mode: Mode | None = None,
) -> Starlette:
    """Return the application over an open store, which stays the caller's to close.

    Parameters
    ----------
    definitions
        What FHIR is; the packaged ones if left out.
    base
        Address of the FHIR API as clients know it; the one each called us by if left out.
    limit_bytes
        Largest body that is taken.
    api
        The operational API, as `make_api` makes it; none if left out.
    acts
        What does acts of the live centre; none if left out.
    pages
        What else answers, before everything below the base.
    security
        What the CapabilityStatement says about security.
    gate
        Tells who calls the FHIR API; without one everybody may do everything.
    practice
        What the centre decided about access; the defaults if left out.
    mode
        What mode the server is in; asked of the store if left out.
    """
    mode = mode or Mode(store)
    endpoint = FhirEndpoint(
        store,
        definitions or get_definitions(),
        base=base,
        limit_bytes=limit_bytes,
        security=security,
        gate=gate,
        practice=practice,
        mode=mode,
    )
    routes: list[BaseRoute] = [
        *pages,
        Route(FHIR, endpoint=declare(_AtBase(endpoint), BY_POLICY)),
        Mount(FHIR, app=declare(endpoint, BY_POLICY)),
        *([Mount(ACTS, app=declare(acts, BY_POLICY))] if acts else []),
        *([Mount(API, app=api)] if api else []),
    ]
    check_declared(routes)
    straight = {FHIR: Marked(endpoint, mode)} | ({ACTS: Marked(acts, mode)} if acts else {})
    return _App(straight, pages, routes=routes, middleware=[Middleware(Marked, mode=mode)])


class _App(Starlette):
    """Sends what is below a base straight to what answers there: routing takes as long as reading a record.

    Parameters
    ----------
    straight
        Base -> what answers below it.
    pages
        What is answered before it, also below a base.
    """

    def __init__(self, straight: Mapping[str, ASGIApp], pages: Sequence[BaseRoute], **options: Any) -> None:
        super().__init__(**options)
        self._straight = tuple((f"{base}/", base, app) for base, app in straight.items())
        self._pages = frozenset(page.path for page in pages if isinstance(page, Route))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not scope.get("root_path") and scope["path"] not in self._pages:
            for below, base, app in self._straight:
                if scope["path"].startswith(below):
                    await app({**scope, "app": self, "root_path": base}, receive, send)
                    return
        await super().__call__(scope, receive, send)


class _AtBase:
    """The endpoint at its base itself, where a mount has no path of its own."""

    def __init__(self, endpoint: FhirEndpoint) -> None:
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = dict(scope)
        scope["root_path"] = scope.get("root_path", "") + FHIR
        await self.endpoint(scope, receive, send)

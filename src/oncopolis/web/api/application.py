"""The operational API as an application to be mounted."""

from typing import Any

from fastapi import Depends, FastAPI, Request

from oncopolis import biobank
from oncopolis.operations import ACTS
from oncopolis.web.api import jobs
from oncopolis.web.api.describing import describe_acts
from oncopolis.web.api.ordering import Desk
from oncopolis.web.api.refusing import LIMIT_BYTES, LimitedBodies, tell_refusals
from oncopolis.web.needs import Gate, Needs, admit

DOCUMENT = "/openapi.json"


def make_api(desk: Desk, gate: Gate = admit) -> FastAPI:
    """Return the API, every route of which says what it `Needs`.

    Parameters
    ----------
    gate
        Says who calls and whether they may; without one everybody may do everything.
    """
    api = FastAPI(
        title="Oncopolis",
        routes=list(jobs.ROUTER.routes),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.gate, api.state.desk = gate, desk

    @api.get(DOCUMENT, include_in_schema=False, dependencies=[Depends(Needs("api.look"))])
    async def describe(request: Request) -> dict[str, Any]:
        """Return the OpenAPI document."""
        root = request.scope.get("root_path", "")
        document = describe_acts(api.openapi(), (*ACTS.values(), *biobank.ACTS.values()))
        return {**document, "servers": [{"url": root}]} if root else document

    tell_refusals(api)
    api.add_middleware(LimitedBodies, limit_bytes=LIMIT_BYTES)
    return api

"""What a route needs of its caller: declared beside the route, decided by the gate."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fastapi import Request

from oncopolis.record import Who
from oncopolis.web.fhir.headers import read_client

Gate: TypeAlias = Callable[[Request, str], Awaitable[Who]]
"""Says who calls, or refuses (`ForbiddenError`) somebody who may not do what is named."""


class Needs:
    """A dependency of a route: who calls, if they may do ``action``.

    Parameters
    ----------
    action
        As the access policy names it, such as ``jobs.order``.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Who:
        """Have the gate decide."""
        gate: Gate = request.app.state.gate
        return await gate(request, self.action)


async def admit(request: Request, action: str) -> Who:  # noqa: ARG001 - a gate that asks for nothing
    """Let everybody do everything, named by address: for a server that only its own machine reaches."""
    client = request.client
    return read_client((client.host, client.port) if client else None)

"""Who calls beside the FHIR API, and what they may see there: the same policy for streams and exports."""

from starlette.requests import Request

from oncopolis.record import Who
from oncopolis.record.access import EVERYTHING, Allowed, Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.access.policy import Right
from oncopolis.record.access.practice import Practice
from oncopolis.record.store.store import get_time_ms
from oncopolis.web.fhir.gate import Gate, read_purpose


class Callers:
    """Callers as the gate knows them, under the practice of a centre."""

    def __init__(self, gate: Gate, practice: Practice) -> None:
        self._gate, self._practice = gate, practice

    async def know(self, request: Request) -> Who:
        """Tell who calls, or refuse."""
        return (await self._gate(request.scope)).who

    async def allow(self, request: Request) -> Allowed:
        """Tell what who calls may search, or refuse."""
        caller = read_purpose(await self._gate(request.scope), request.headers)
        return find_allowed(caller, "search", self._practice)


def find_allowed(caller: Caller | None, right: Right, practice: Practice) -> Allowed:
    """Return what somebody has a right to now; the house itself, which is nobody, to everything."""
    if caller is None:
        return EVERYTHING
    return Rights(caller, right, get_time_ms(), practice.disclosure)

"""``/live/stream?topic=area/imaging``: the events of a page of staff, or of a screen of the centre."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from oncopolis.foundation import OncopolisError
from oncopolis.web.declaring import BY_POLICY, declare
from oncopolis.web.fhir.exchange import answer_error
from oncopolis.web.fhir.headers import FHIR_JSON
from oncopolis.web.fhir.refusing import RequestError, show
from oncopolis.web.live.station import Station
from oncopolis.web.live.stream import MOST_TOPICS
from oncopolis.web.login.gate import Gate

PATH: Final = "/live/stream"
CALM_S: Final = 1.0
"""How long a list is left alone after it was told something, seconds."""
_LONGEST: Final = 120  # structure: characters of a topic


class Listening:
    """The address of events. That something has changed is all they tell, so whoever is known may listen."""

    def __init__(self, station: Station, gate: Gate) -> None:
        self._station, self._gate = station, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one page."""
        request = Request(scope)
        try:
            await self._gate(scope)
            topics = read_topics(request)
        except OncopolisError as error:
            answer = answer_error(error)
            refusal = Response(answer.body, answer.status, dict(answer.headers), FHIR_JSON)
            await refusal(scope, receive, send)
            return
        app = self._station.stream.make_app(topics, request.query_params.get("after", ""), CALM_S)
        await app(scope, receive, send)


def read_topics(request: Request) -> list[str]:
    """Return the topics of a request; `RequestError` if there are none, or too many."""
    topics = request.query_params.getlist("topic")
    if not 0 < len(topics) <= MOST_TOPICS or any(len(topic) > _LONGEST for topic in topics):
        raise RequestError(
            code="WEB-004", where="URL", got=show(request.url.query),
            expected=f"topic=…, 1 to {MOST_TOPICS} times", fix="name what the page shows",
        )  # fmt: skip
    return topics


def make_stream_route(station: Station, gate: Gate) -> Route:
    """Return the route of events."""
    return Route(PATH, declare(Listening(station, gate), BY_POLICY), methods=["GET"])

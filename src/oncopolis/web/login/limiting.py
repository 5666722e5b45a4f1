"""How many requests one may send: as many as flow into a bucket, and some that it holds."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from time import monotonic

from oncopolis.web.fhir.refusing import RequestError

_HELD_S = 10.0  # structure: seconds of the rate that may be sent at once
_MOST = 50_000  # structure: callers that are remembered


class Buckets:
    """One bucket for each caller.

    Parameters
    ----------
    rate_s
        Requests a second.
    held
        Requests that may be sent at once; ten seconds' worth if left out.
    """

    def __init__(
        self, rate_s: float, held: float | None = None, clock_s: Callable[[], float] = monotonic
    ) -> None:
        self.rate_s, self.held = rate_s, held or rate_s * _HELD_S
        self._clock_s = clock_s
        self._full: dict[str, float] = {}

    def take(self, key: str) -> float:
        """Take one request out; 0, or seconds until there is one."""
        now_s = self._clock_s()
        # When the bucket would be full again says all: it is emptier the later that is.
        full_s = max(self._full.get(key, now_s), now_s) + 1 / self.rate_s
        if full_s - now_s > self.held / self.rate_s:
            return full_s - now_s - self.held / self.rate_s
        self._full[key] = full_s
        if len(self._full) > _MOST:
            self._full = {name: at_s for name, at_s in self._full.items() if at_s > now_s}
        return 0.0

    def check(self, key: str) -> None:
        """Take one request out.

        Raises
        ------
        RequestError
            With status 429 if there is none.
        """
        if (rest_s := self.take(key)) > 0:
            raise RequestError(
                code="REC-284", where="request", got="too many in a short time",
                expected=f"{self.rate_s:g} a second", fix="wait, then go on more slowly",
                status=HTTPStatus.TOO_MANY_REQUESTS, issue="throttled",
                headers={"Retry-After": str(max(1, ceil(rest_s)))},
            )  # fmt: skip

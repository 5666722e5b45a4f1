"""The way to a Dask scheduler that runs replications elsewhere."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from oncopolis.foundation import ExternalError

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 5  # structure: a scheduler that does not answer in this time is taken to be away
_WORKER_S = 30  # structure: time for the first worker of a cluster that starts them on demand
_LOOK_S = 1  # seconds between two looks whether there still are workers


@contextmanager
def open_cluster(address: str) -> Iterator[dict[str, Any]]:
    """Connect to a scheduler; give the settings for `joblib.parallel_config`.

    joblib runs here what a cluster of a single thread could not run faster; the results are the same.

    Raises
    ------
    ExternalError
        The extra ``cluster`` is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ExternalError(
            code="TWN-040",
            where=f"cluster {address}",
            got="no package `distributed`",
            expected="the extra `cluster`, here and where the workers are",
            fix="pip install 'oncopolis[cluster]', or leave the cluster out",
        ) from error
    _check_scheduler(address)
    client = Client(address, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    with client, _watch(client):
        try:
            yield {"backend": "dask", "client": client, "wait_for_workers_timeout": _WORKER_S}
        except Exception as error:
            if client.status != "running" or not client.nthreads():  # type: ignore[no-untyped-call]
                raise _refuse(address, "one that went away, or has no workers left") from error
            raise


@contextmanager
def _watch(client: "Client") -> Iterator[None]:
    """Close the client when there have been no workers for long: who waits for results is told so."""
    over = Event()

    def look() -> None:
        seen = monotonic()
        while not over.wait(_LOOK_S) and client.status == "running":
            if client.scheduler_info()["workers"]:
                seen = monotonic()
            elif monotonic() - seen > _WORKER_S:
                client.close()  # type: ignore[no-untyped-call]

    thread = Thread(target=look, name="cluster", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _check_scheduler(address: str) -> None:
    """Ask who is there before a client is made, since one that failed to connect hangs on leaving."""
    try:
        with ThreadPoolExecutor(1) as own_thread:  # the caller may have an event loop running
            answer = own_thread.submit(lambda: asyncio.run(_ask(address))).result()
    except Exception as error:
        raise _refuse(address, _tell(error)) from error
    if answer.get("type") != "Scheduler":
        raise _refuse(address, f"a {str(answer.get('type')).lower()}")


async def _ask(address: str) -> dict[str, Any]:
    from distributed.core import rpc

    async with asyncio.timeout(_CONNECT_S), rpc(address, timeout=_CONNECT_S) as scheduler:  # type: ignore[no-untyped-call]
        answer: dict[str, Any] = await scheduler.identity()
    return answer


def _tell(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {_CONNECT_S} s"
    if isinstance(error, (OSError, ValueError)) and str(error):
        return str(error).splitlines()[0]
    return "an answer that no scheduler gives"


def _refuse(address: str, got: str) -> ExternalError:
    return ExternalError(
        code="TWN-041",
        where=f"cluster {address}",
        got=got,
        expected="a Dask scheduler that answers there and has workers",
        fix="start one with `dask scheduler` and its workers with `dask worker ADDRESS`, or mend the address",
    )

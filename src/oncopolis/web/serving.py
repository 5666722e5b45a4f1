"""The live server: from a project folder to an address that answers, and to a clean end."""

import errno
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns
from typing import TypeAlias
from zoneinfo import ZoneInfo

import uvicorn
from starlette.types import ASGIApp

from oncopolis.biobank.consents.following import follow_consents
from oncopolis.foundation import InputError
from oncopolis.foundation.units import NS_PER_MS
from oncopolis.operations import House, Live, make_house
from oncopolis.operations.warming import warm
from oncopolis.record.access.locating import tell_location
from oncopolis.record.access.practice import Practice, read_practice
from oncopolis.record.accounts.types import NOTHING_BESIDES
from oncopolis.record.following import Following
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.requests import KEPT_MS
from oncopolis.studies.preparing import Prepared, prepare
from oncopolis.web import bulk, display, events, journey
from oncopolis.web import live as staff
from oncopolis.web.api import checking, make_api
from oncopolis.web.api.acting import ActEndpoint
from oncopolis.web.api.ordering import Desk
from oncopolis.web.app import FHIR, make_app
from oncopolis.web.bulk import Shelf
from oncopolis.web.callers import Callers, find_allowed
from oncopolis.web.collecting import settled
from oncopolis.web.definition import (
    Difference,
    apply_differences,
    find_differences,
    is_unfounded,
    make_records,
)
from oncopolis.web.demo import (
    TAG,
    Bannered,
    Caring,
    Demo,
    Storing,
    check_is_invented,
    find_zone,
    make_first,
    move,
    price,
)
from oncopolis.web.exchange import Exchange, exchange, serve_worklist
from oncopolis.web.fhir.exporting import JOB as EXPORT
from oncopolis.web.filling import Filler
from oncopolis.web.informing import Informer, read_gateway
from oncopolis.web.jobs import Workers
from oncopolis.web.joining import Joined
from oncopolis.web.locking import hold
from oncopolis.web.login.front import Facing, Front
from oncopolis.web.mode import Mode
from oncopolis.web.notifying import Notifier
from oncopolis.web.places import Places, find_results, make_places
from oncopolis.web.publishing import Publisher
from oncopolis.web.shipping import SecondPlace, Shipping
from oncopolis.web.tanks import make_routes as make_tank_routes
from oncopolis.web.tanks import watch_tanks
from oncopolis.web.tidying import Tidier
from oncopolis.web.tracking import track
from oncopolis.web.work import WORK

Say: TypeAlias = Callable[[str], None]
End: TypeAlias = Callable[[], None]
Advance: TypeAlias = Callable[[str, float], None]

MOST_SHOWN = 50  # structure: differences that are told one by one
END_S = 10  # structure: how long requests under way may take once the server is to stop
_LOWEST = 1024  # structure: ports below are the system's


@dataclass(frozen=True, slots=True)
class Serving:
    """How a project is served.

    Parameters
    ----------
    port
        0 for one that is free.
    is_to_apply
        Whether a changed definition changes the records.
    n_workers
        Processes for long work.
    """

    project: Path
    places: Places
    host: str
    port: int
    is_to_apply: bool
    n_workers: int
    settings: Mapping[str, str]
    second: SecondPlace | None = None
    """Where the record is copied to while it is served."""
    neighbours: Exchange = field(default_factory=Exchange)
    """Who is served besides the API."""
    facing: Facing = field(default_factory=Facing)
    """How the server faces the network, and who signs in."""
    kept_ms: int = KEPT_MS
    """How long idempotency keys are remembered, milliseconds."""
    is_demo: bool = False
    """Whether invented patients are to be seen, and nobody else."""


def serve(serving: Serving, say: Say, advance: Advance) -> None:
    """Serve until Ctrl-C or SIGTERM; what was taken on by then is done before it returns.

    Parameters
    ----------
    say
        Told what is done, line by line.
    advance
        Told how far the start is.

    Raises
    ------
    OncopolisError
        For a port or database that another one has, and everything that is wrong with the project.
    """
    partners = serving.neighbours.load(serving.project)
    stations = serving.neighbours.load_dicom(serving.project)
    with ExitStack() as ports:
        listener = ports.enter_context(open_port(serving.host, serving.port))
        mllp = serving.neighbours.port
        hl7 = None if mllp is None else ports.enter_context(open_port(serving.neighbours.host, mllp))
        prepared, is_moved = _prepare(serving, advance)
        keys = make_places(serving.places, serving.project, say)
        with hold(serving.places.file), ExitStack() as until_the_end:
            shipping = serving.second and until_the_end.enter_context(
                Shipping(serving.places.url, keys, serving.second, say)
            )
            with open_store(
                serving.places.url, keys=keys, kept_ms=serving.kept_ms, announce=say, is_alone=True
            ) as store:
                say(f"database {serving.places.shown_url}")
                centre = prepared.project.centre
                practice = _decide(serving.project, centre.country, say)
                if serving.is_demo:
                    check_is_invented(store)
                bring_up_to_date(store, prepared, serving.is_to_apply, say)
                if shipping:
                    shipping.start()
                front = Front(
                    store,
                    keys,
                    serving.facing,
                    listener,
                    serving.host,
                    centre.name,
                    ZoneInfo(centre.time_zone),
                    home=staff.FIRST,
                    first=make_first() if serving.is_demo else NOTHING_BESIDES,
                    needs_second=practice.second_factor,
                )
                results = find_results(serving.project)
                callers = Callers(front.gate, practice)
                shelf = Shelf(results / "exports", serving.places.url, keys, practice)
                store.follow(
                    Following(lambda caller: find_allowed(caller, "read", practice)).follow, follow_consents
                )
                live = Live(store, _make_house(serving, prepared), tag=TAG if serving.is_demo else None)
                live.open()
                live.ask(warm)
                mode = Mode(store)
                with (
                    exchange(serving.neighbours, partners, serving.project, store, mode, hl7, say) as named,
                    Workers(store, serving.n_workers, work=WORK | {EXPORT: shelf.make}, say=say),
                    Notifier(store, say=say),
                    Informer(live, read_gateway(serving.project), say=say),
                    Tidier(live, mode),
                    Filler(live),
                    Publisher(store),
                    serve_worklist(live, stations, serving.neighbours.dicom, say),
                    watch_tanks(live, prepared.project, serving.project, serving.is_demo, say) as tanks,
                    track(live, serving.project, say),
                    Storing(store, prepared.project, say) if serving.is_demo else nullcontext(),
                    Caring(live) if serving.is_demo else nullcontext(),
                ):
                    station = staff.make_station(live, front.house, mode, tanks)
                    door = journey.make_door(station, practice.disclosure)
                    app = make_app(
                        store,
                        api=make_api(Desk(store, serving.project, results), front.admit),
                        acts=ActEndpoint(live, front.gate, mode),
                        pages=[
                            *front.pages,
                            *bulk.make_routes(store, shelf, callers.know),
                            *events.make_routes(store, callers.allow),
                            *checking.make_routes(live, front.gate),
                            *make_tank_routes(tanks, front.gate),
                            *staff.make_routes(station, front.gate),
                            *display.make_routes(station),
                            *journey.make_routes(door),
                            *journey.make_desk_routes(door),
                            *staff.make_last_routes(station),
                        ],
                        security=front.security,
                        gate=front.gate,
                        practice=practice,
                        mode=mode,
                    )
                    shielded = front.shield(named(app, FHIR))
                    if serving.is_demo:
                        host, port = listener.getsockname()[:2]
                        until_the_end.enter_context(
                            Demo(serving.project, serving.settings, live, front.house, (host, port), say)
                        )
                        shielded = Bannered(shielded, is_moved=is_moved)
                    _run(shielded, listener, front, station.stream.end, say)
                say("stopped: everything that was answered is in the record")


def _prepare(serving: Serving, advance: Advance) -> tuple[Prepared, bool]:
    """Prepare the project; and whether it is a demonstration whose clock is moved."""
    prepared = prepare(serving.project, serving.settings, advance)
    if not serving.is_demo:
        return prepared, False
    zone = find_zone(make_house(prepared.equipped), time_ns() // NS_PER_MS)
    return move(prepared, zone), zone != prepared.project.centre.time_zone


def _make_house(serving: Serving, prepared: Prepared) -> House:
    """Return the house that is lived in; a demonstration without tariffs gets invented ones."""
    house = make_house(prepared.equipped)
    return price(house) if serving.is_demo else house


def _decide(project: Path, country: str, say: Say) -> Practice:
    """Return what the centre has decided about access; where its data have to stand is told."""
    practice = read_practice(project)
    location = tell_location(country, practice.location)
    if location is not None:
        say(location)
    return practice


def bring_up_to_date(store: Store, prepared: Prepared, is_to_apply: bool, say: Say) -> None:
    """Make the records of the definition, or tell in what they differ from it."""
    is_first = is_unfounded(store)
    records = make_records(prepared.equipped)
    differences = find_differences(store, records)
    if not differences:
        say(f"{len(records)} records follow from the definition; nothing has changed")
        return
    if is_first:
        apply_differences(store, differences)
        say(f"{len(differences)} records made from the definition")
        return
    _tell(differences, say)
    if is_to_apply:
        apply_differences(store, differences)
        say(f"{len(differences)} records brought up to date")
    else:
        say(f"{len(differences)} differences from the definition are left as they are; --apply makes them")


@contextmanager
def open_port(host: str, port: int) -> Iterator[socket.socket]:
    """Take an address before anything else is done.

    Raises
    ------
    InputError
        Somebody else has it, it is not ours, or it is forbidden.
    """
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()  # Nobody else can take it now; who calls early waits for the start.
        listener.set_inheritable(False)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        raise _refuse_port(host, port, error) from error
    with listener:
        yield listener


def _run(app: ASGIApp, listener: socket.socket, front: Front, end: End, say: Say) -> None:
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", http=Joined,
        timeout_graceful_shutdown=END_S, **front.facing.make_options(),
    )  # fmt: skip
    # uvicorn stops on a signal, and raises it once more when it has: then it is nothing any more.
    before = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with settled():
            _Server(config, front, end, say).run(sockets=[listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Says so when it answers, and lets go whoever listens when it ends."""

    def __init__(self, config: uvicorn.Config, front: Front, end: End, say: Say) -> None:
        super().__init__(config)
        self._front, self._end, self._say = front, end, say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        for listener in sockets or ():
            self._say(f"listening on {to_address(listener, self._front.facing.scheme)}{FHIR}; Ctrl-C stops")
        for line in self._front.list_lines():
            self._say(line)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: open pages come back by themselves, and would be waited for."""
        self._end()
        await super().shutdown(sockets)


def to_address(listener: socket.socket, scheme: str = "http") -> str:
    """Return the address of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _tell(differences: Sequence[Difference], say: Say) -> None:
    for difference in differences[:MOST_SHOWN]:
        say(str(difference))
    if len(differences) > MOST_SHOWN:
        say(f"and {len(differences) - MOST_SHOWN} more")


def _ignore(_number: int, _frame: object) -> None:
    """Do nothing: the server has stopped already."""


def _refuse_port(host: str, port: int, error: OSError | UnicodeError) -> InputError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        got, fix = "a port that another program has", "stop that program, or choose another one with --port"
    elif isinstance(error, PermissionError):
        got, fix = "a port that only the system may open", f"choose one from {_LOWEST} on with --port"
    else:
        got, fix = str(error), "correct --host and --port"
    return InputError(
        code="REC-134", where=f"{host}:{port}", got=got, expected="a free port of this machine", fix=fix
    )

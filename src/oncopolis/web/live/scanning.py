"""Scanning, one code after the other, as a wedge scanner sends them: text and Enter. It needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

from starlette.responses import Response

from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.operations.doses import Dose
from oncopolis.operations.infusion import Treatment
from oncopolis.operations.loop import Check, read_code
from oncopolis.operations.loop.rules import CheckKind, find_override
from oncopolis.operations.orders import Order
from oncopolis.operations.theatre import Operation
from oncopolis.web.live.doing import add_query, perform
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.live.unit_words import CHECKS, ROUTES, find_stopped
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import find_words, go

PATH: Final = "/live/scan"
_BAND: Final = ("patient_code", mark("Scan the wristband"))
_PLACE: Final = ("place_code", mark("Scan the label of the room"))
_THEATRE: Final = ("place_code", mark("Scan the label of the theatre"))


@dataclass(frozen=True, slots=True)
class Flow:
    """What an act has scanned, in order.

    Parameters
    ----------
    scans
        Member of what the act asks for, and what is said to whoever scans.
    about
        Members that tell what it is about, carried along.
    typed
        Members that are typed before the first scan.
    """

    title: str
    scans: tuple[tuple[str, str], ...]
    about: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


FLOWS: Final = {
    "verify_place": Flow(mark("Right patient, right place?"), (_BAND, _PLACE)),
    "give_blood": Flow(
        mark("Blood at the bedside"),
        (_BAND, ("unit_code", mark("Scan the number of the donation")),
         ("product", mark("Scan the product code")), ("group", mark("Scan the blood group")),
         ("expires", mark("Scan the last day"))),
    ),
    "enter_theatre": Flow(mark("Into the theatre"), (_BAND, _THEATRE), ("operation",)),
    "start_infusion": Flow(
        mark("Connect a bag"), (_BAND, ("bag_code", mark("Scan the label of the bag"))),
        ("treatment",), ("route",),
    ),
    "give_dose": Flow(
        mark("Give a medicine"), (_BAND, ("dose_code", mark("Scan the label of the dose"))), ("dose",),
        ("route",),
    ),
    "draw_tube": Flow(
        mark("Draw a tube"), (_BAND, ("tube_code", mark("Scan the label of the tube"))), ("order",)
    ),
    "take_specimen": Flow(
        mark("Specimen"), (_BAND, ("container_code", mark("Scan the label of the container"))),
        ("operation",), ("what", "clamped_ms@time", "taken_ms@time"),
    ),
    "use_implant": Flow(
        mark("Implant"), (_BAND, ("package_code", mark("Scan the code of the package"))), ("operation",)
    ),
}  # fmt: skip
"""Act -> how it is scanned."""
Case: TypeAlias = Operation | Treatment | Dose | Order
"""What somebody is scanned for."""
_CASES: Final[Mapping[str, type[Case]]] = {
    "operation": Operation, "treatment": Treatment, "dose": Dose, "order": Order,
}  # fmt: skip
_PARTS: Final = ("product", "group", "expires")
"""What a label of blood says beside its number: one code may say all of it."""


AGAIN: Final[Mapping[CheckKind, tuple[str, str]]] = {
    "medicine": ("start_infusion", "treatment"), "dose": ("give_dose", "dose"),
    "theatre": ("enter_theatre", "operation"), "implant": ("use_implant", "operation"),
    "place": ("verify_place", ""),
}  # fmt: skip
"""Kind of check that may be overridden -> the act that is scanned again, and its member for its subject."""


def find_again(check: Check) -> tuple[str, dict[str, str]]:
    """Return the act that is scanned again despite a check, and what its first scan is told."""
    act, member = AGAIN[check.kind]
    about = {member: check.about.rpartition("/")[2]} if member else {}
    return act, about | {"despite": check.id}


def show_scan(station: Station, visit: Visit) -> Response:
    """The first scan of an act, or the choice of one."""
    name = visit.parts.get("act", "")
    if not name:
        return show(station, visit, "scan.html", flow=None, flows=FLOWS)
    return _show(station, visit, name, visit.query)


def take_scan(station: Station, visit: Visit) -> Response:
    """Take one more code; do the act once all are there."""
    name, form = visit.parts["act"], visit.form
    flow = get_flow(name)
    if find_next(flow, form) is not None or any(not form.get(member) for member in flow.typed[:1]):
        return _show(station, visit, name, form)
    back = find_local(form.get("back", ""), PATH)
    said = {**form, "unit_code": "".join(form.get(part, "") for part in ("unit_code", *_PARTS))}
    try:
        answer = perform(station, visit, name, said)
    except OncopolisError as error:
        return _show(station, visit, name, _drop_scans(flow, form), error=error)
    if answer["stopped"]:
        return _show(station, visit, name, _drop_scans(flow, form), stopped=answer)
    return go(add_query(back, done=name))


def get_flow(name: str) -> Flow:
    """Return how an act is scanned; `NotFoundError` if it is not."""
    if name not in FLOWS:
        raise NotFoundError(
            code="OPS-005", where="address", got=name[:60], expected=f"one of {', '.join(FLOWS)}",
            fix="choose one on the page of scans",
        )  # fmt: skip
    return FLOWS[name]


def find_next(flow: Flow, given: Mapping[str, str]) -> str | None:
    """Return what is to be scanned next; None if all is there."""
    known = read_code("".join(given.get(part, "") for part in ("unit_code", *_PARTS))).facts
    for member, _ in flow.scans:
        if not given.get(member, "").strip() and not (member in _PARTS and member in known):
            return member
    return None


def find_case(station: Station, given: Mapping[str, str]) -> Case | None:
    """Return what is scanned for; None where that is no record."""
    named = next(((kind, given[name]) for name, kind in _CASES.items() if given.get(name)), None)
    return None if named is None else station.live.ask(lambda floor: floor.get(*named))


def _tell_case(case: Case, names: Names) -> str:
    match case:
        case Operation():
            return f"{names.activity(case.activity)} · {names.unit(case.room)}"
        case Treatment():
            return f"{case.regimen} · {names.unit(case.chair)}"
        case Dose():
            return f"{case.name} {case.dose} {case.unit}"
        case _:
            return names.activity(case.activity)


def _drop_scans(flow: Flow, form: Mapping[str, str]) -> dict[str, str]:
    """Return a form without what was scanned: it is scanned again, all of it."""
    scanned = {member for member, _ in flow.scans} | {"key", "csrf"}
    return {name: text for name, text in form.items() if name not in scanned}


def _show(
    station: Station, visit: Visit, name: str, given: Mapping[str, str],
    error: OncopolisError | None = None, stopped: Mapping[str, object] | None = None,
) -> Response:  # fmt: skip
    flow, words = get_flow(name), find_words(visit.language)
    told = "" if error is None else tell_code(words, error.code)
    check = None
    if stopped is not None:
        rules = stopped["stopped"]
        assert isinstance(rules, (list, tuple))
        sentences = dict.fromkeys(find_stopped(str(rule)) or "" for rule in rules)
        told = " ".join(words.text(one) for one in sentences if one)
        id_ = str(stopped["check"])
        check = station.live.ask(lambda floor: floor.find(Check, id_))
    case = find_case(station, given)
    status = HTTPStatus.OK if error is None else get_status_of(error)
    return show(
        station, visit, "scan.html", status, flow=flow, act_name=name,
        given={member: given.get(member, "") for member, _ in flow.scans},
        about={member: given[member] for member in (*flow.about, "despite") if given.get(member)},
        typed={member: given.get(member, "") for member in flow.typed}, next=find_next(flow, given),
        back=find_local(given.get("back", ""), PATH), check=check, case=case, kinds=CHECKS,
        override="never" if check is None else find_override(check.kind, check.failed),
        people=station.people.find_names({case.patient} if case else (), visit.language),
        today=station.house.to_local(station.now_ms).date(), told=told,
        case_told="" if case is None else _tell_case(case, Names(station.house, words)),
        routes=[(route, words.text(one)) for route, one in ROUTES.items()],
    )  # fmt: skip

"""`Course`: a patient on one pathway, as the live centre sees it. Its record is a CarePlan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.courses.trail import NO_DAYS, Carried, Choice, Mark
from oncopolis.operations.courses.trail_record import (
    read_choice,
    read_mark,
    write_choice,
    write_mark,
)
from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    add_rest,
    extend,
    find_extended,
    get_code,
    get_referred,
    list_extended,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.views import Claim, Record

CourseStatus: TypeAlias = Literal["active", "completed", "revoked"]
STATUSES: Final[tuple[CourseStatus, ...]] = ("active", "completed", "revoked")

_WAY: Final = PREFIX + "way:"
_OWN = (
    "status", "intent", "category", "title", "subject", "period", "created", "author", "basedOn",
    "instantiatesCanonical", "activity", "addresses",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """One course.

    Parameters
    ----------
    way
        Id of the way it follows to its end.
    pathway, version, site, stage
        What that is the way of.
    is_draft
        Whether the pathway was not approved when it began: for trial use only.
    at
        Step where it waits; ``end`` once it is over.
    since
        Day on which the last of its work was done, or it was started.
    carried
        Intervals passed since then.
    attributes
        What the patient has; conditions ask for them.
    marks, choices
        What has happened, in order.
    based_on
        Course this one follows from.
    diagnosis
        Condition it is for; empty where nobody said.
    started_ms, started_by, started_because
        When (milliseconds since 1970, UTC), by whom (``Practitioner/id``), and why where nothing foresees it.
    ended_ms, ended_because
        When it ended, and why before its end.
    """

    TYPE: ClassVar[str] = "CarePlan"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active",))

    id: str
    patient: str
    way: str
    pathway: str
    version: int
    label: str
    started_ms: int
    started_by: str
    since: date
    at: str
    site: str = ""
    stage: str = ""
    is_draft: bool = False
    carried: Carried = NO_DAYS
    attributes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    choices: tuple[Choice, ...] = ()
    status: CourseStatus = "active"
    based_on: str = ""
    diagnosis: str = ""
    started_because: str = ""
    ended_ms: int | None = None
    ended_because: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to do."""
        return self.status == "active"

    def find_mark(self, id_: str) -> Mark | None:
        """Return a step of it by the id of its mark, None if there is none."""
        return next((mark for mark in self.marks if mark.id == id_), None)

    def list_open(self) -> Iterator[Mark]:
        """Yield the steps at which something is to be done."""
        return (mark for mark in self.marks if mark.is_open)

    def find_pending(self) -> Choice | None:
        """Return the question it waits for, None if it waits for none."""
        return next((choice for choice in self.choices if choice.is_open), None)

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a CarePlan follows a way of ours."""
        return any(str(one).startswith(_WAY) for one in record.get("instantiatesCanonical", ()))

    def to_record(self) -> Record:
        """Return the CarePlan."""
        period = {"start": to_instant(self.started_ms)}
        if self.ended_ms is not None:
            period["end"] = to_instant(self.ended_ms)
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "instantiatesCanonical": [f"{_WAY}{self.way}|{self.version}"],
            "status": self.status,
            "intent": "plan",
            "category": [make_concept("pathway", self.pathway)],
            "title": self.label,
            "subject": make_reference("Patient", self.patient),
            "period": period,
        }
        type_, _, id_ = self.started_by.partition("/")
        if id_:
            record["author"] = make_reference(type_, id_)
        if self.based_on:
            record["basedOn"] = [make_reference("CarePlan", self.based_on)]
        if self.diagnosis:
            record["addresses"] = [make_reference("Condition", self.diagnosis)]
        activity = [*map(write_mark, self.marks), *map(write_choice, self.choices)]
        if activity:
            record["activity"] = activity
        return add_rest(add_extensions(record, self._list_extensions()), self.rest)

    def _list_extensions(self) -> list[Record]:
        carried = self.carried
        return extend(
            site__Code=self.site or None,
            stage__Code=self.stage or None,
            draft__Boolean=self.is_draft or None,
            at__Code=self.at,
            since__Date=self.since.isoformat(),
            carried_earliest__Integer=carried.earliest_days or None,
            carried_target__Integer=carried.target_days or None,
            carried_latest__Integer=carried.latest_days,
            attributes__Code=self.attributes,
            started_because__String=self.started_because or None,
            ended_because__String=self.ended_because or None,
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a CarePlan that follows a way of ours."""
        url = next(str(one) for one in record["instantiatesCanonical"] if str(one).startswith(_WAY))
        way, _, version = url.removeprefix(_WAY).partition("|")
        period = record["period"]
        activities = record.get("activity", ())
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            way=way,
            pathway=get_code(record["category"], "pathway"),
            version=int(version),
            label=record["title"],
            started_ms=to_ms(period["start"]),
            started_by=record.get("author", {}).get("reference", ""),
            since=date.fromisoformat(find_extended(record, "since")),
            at=find_extended(record, "at"),
            site=find_extended(record, "site", otherwise=""),
            stage=find_extended(record, "stage", otherwise=""),
            is_draft=find_extended(record, "draft", otherwise=False),
            carried=Carried(
                find_extended(record, "carried-earliest", otherwise=0),
                find_extended(record, "carried-target", otherwise=0),
                find_extended(record, "carried-latest"),
            ),
            attributes=list_extended(record, "attributes"),
            marks=tuple(mark for one in activities if (mark := read_mark(one)) is not None),
            choices=tuple(choice for one in activities if (choice := read_choice(one)) is not None),
            status=_to_status(record["status"]),
            based_on=next((get_referred(one, "CarePlan") for one in record.get("basedOn", ())), ""),
            diagnosis=next((get_referred(one, "Condition") for one in record.get("addresses", ())), ""),
            ended_ms=to_ms(period["end"]) if "end" in period else None,
            started_because=find_extended(record, "started-because", otherwise=""),
            ended_because=find_extended(record, "ended-because", otherwise=""),
            rest=take_rest(record, _OWN),
        )


def _to_status(code: str) -> CourseStatus:
    """Return what a status means here: others end or pause a plan outside this house, which closes it."""
    return next((status for status in STATUSES if status == code), "revoked")


def make_episode(course: Course, clinic: str) -> Record:
    """Return what ties the patient to the centre while the course lasts: its EpisodeOfCare."""
    status = {"active": "active", "completed": "finished", "revoked": "cancelled"}[course.status]
    period = {"start": to_instant(course.started_ms)}
    if course.ended_ms is not None:
        period["end"] = to_instant(course.ended_ms)
    record: Record = {
        "resourceType": "EpisodeOfCare",
        "id": course.id,
        "status": status,
        "patient": make_reference("Patient", course.patient),
        "managingOrganization": make_reference("Organization", clinic),
        "period": period,
    }
    manager = course.started_by.removeprefix("Practitioner/")
    if manager != course.started_by:
        record["careManager"] = make_reference("Practitioner", manager)
    return record

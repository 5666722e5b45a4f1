"""`Notice`: something a patient is told, as a Communication that tells nothing of a diagnosis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, cast, get_args

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_extended,
    get_code,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.notices.naming import NOWHERE, Place, Stop
from oncopolis.operations.views import Claim, Record
from oncopolis.record.access.disclosing import DISCLOSURE, SHAREABLE

Kind: TypeAlias = Literal["booked", "moved", "cancelled", "down", "come", "form", "offered"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
State: TypeAlias = Literal["unsent", "sent", "withdrawn"]

_STATUS: Final[dict[State, str]] = {"unsent": "preparation", "sent": "completed", "withdrawn": "not-done"}
_STATE: Final = {status: state for state, status in _STATUS.items()}
_OWN: Final = ("language", "status", "category", "subject", "about", "sent", "recipient", "payload")
_LABEL: Final = {"security": [{"system": DISCLOSURE, "code": SHAREABLE}]}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a patient is told.

    Parameters
    ----------
    language
        Of ``words``.
    stop, place, start_ms, before_ms
        What it is about, in nothing but kinds, numbers and moments (milliseconds since 1970, UTC): from these
        it is written in other languages.
    booking, form
        Ids of the Appointment it is about and of the Questionnaire to fill in; empty if none.
    at_ms
        When it was decided.
    rest
        What its record says beside.
    """

    TYPE: ClassVar[str] = "Communication"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("preparation",))

    id: str
    patient: str
    kind: Kind
    language: str
    words: str
    at_ms: int
    state: State = "unsent"
    stop: Stop | None = None
    place: Place = NOWHERE
    start_ms: int | None = None
    before_ms: int | None = None
    booking: str = ""
    form: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it can still be taken back."""
        return self.state == "unsent"

    def list_claims(self) -> Iterable[Claim]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is a notice of the live centre's."""
        return get_code(record.get("category", ()), "notice") in KINDS and record.get("status") in _STATE

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        start, before = find_extended(record, "start"), find_extended(record, "before")
        place = {one.name: find_extended(record, one.name, one.default) for one in fields(Place)}
        about = record.get("about", ())
        rest = take_rest(record, _OWN)
        return cls(
            id=record["id"],
            patient=get_referred(record.get("subject"), "Patient"),
            kind=cast("Kind", get_code(record["category"], "notice")),
            language=record.get("language", "en"),
            words=next((part.get("contentString", "") for part in record.get("payload", ())), ""),
            at_ms=to_ms(record["sent"]),
            state=_STATE[record["status"]],
            stop=find_extended(record, "stop"),
            place=Place(**place),
            start_ms=None if start is None else to_ms(start),
            before_ms=None if before is None else to_ms(before),
            booking=next(filter(None, (get_referred(one, "Appointment") for one in about)), ""),
            form=next(filter(None, (get_referred(one, "Questionnaire") for one in about)), ""),
            rest={name: value for name, value in rest.items() if (name, value) != ("meta", _LABEL)},
        )

    def to_record(self) -> Record:
        """Write it."""
        patient = make_reference("Patient", self.patient)
        refers = (("Appointment", self.booking), ("Questionnaire", self.form))
        about = [make_reference(type_, id_) for type_, id_ in refers if id_]
        place = {f"{one.name}__Integer": getattr(self.place, one.name) for one in fields(Place)}
        place["spot__Code"] = place.pop("spot__Integer") or None
        said: Record = {
            "resourceType": "Communication",
            "id": self.id,
            "meta": _LABEL,
            "language": self.language,
            "status": _STATUS[self.state],
            "category": [make_concept("notice", self.kind)],
            "subject": patient,
            "sent": to_instant(self.at_ms),
            "recipient": [patient],
            "payload": [{"contentString": self.words}],
        }
        moments = {
            f"{name}__Instant": None if at_ms is None else to_instant(at_ms)
            for name, at_ms in (("start", self.start_ms), ("before", self.before_ms))
        }
        made = extend(stop__Code=self.stop, **place, **moments)
        return add_rest(add_extensions(said | ({"about": about} if about else {}), made), self.rest)

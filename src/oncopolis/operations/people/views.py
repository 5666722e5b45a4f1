"""`Person`: a patient as the live centre sees them; read when needed, and never kept on the floor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_extended,
    get_referred,
    take_rest,
)
from oncopolis.operations.views import Claim, Record

__all__ = ["PROVISIONAL", "Contact", "Identifier", "Named", "Person"]

PROVISIONAL: Final = "provisional"
"""Somebody of whom nobody knows yet who they are."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_LANGUAGES: Final = "urn:ietf:bcp:47"
_OWN: Final = ("active", "name", "gender", "birthDate", "identifier", "telecom")


@dataclass(frozen=True, slots=True)
class Named:
    """One name, in one script.

    Parameters
    ----------
    given
        Given name, then the patronymic where there is one.
    use
        ``official``, ``usual``, ``maiden``, ``old``, ``temp``, ``nickname``, or empty.
    text
        The whole where it is not told in parts.
    """

    family: str = ""
    given: tuple[str, ...] = ()
    use: str = ""
    text: str = ""
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number of a system."""

    system: str
    value: str
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody; the one of rank 1 is what they prefer."""

    system: str
    value: str
    use: str = ""
    rank: int = 0
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient.

    Parameters
    ----------
    active
        Whether the record is in use; None if it does not say.
    merged_into
        Id of the patient whose record has taken its place; empty if none has.
    birth_date
        Day, month or year as FHIR has them; empty if it is not known.
    sex
        ``male``, ``female``, ``other``, ``unknown`` or empty.
    language
        What they wish to be spoken to in, by BCP 47; empty if nobody said.
    identity
        `PROVISIONAL`, or empty.
    rest
        What the record says beside.
    """

    TYPE: ClassVar[str] = "Patient"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("active", ("true",))

    id: str
    active: bool | None = True
    merged_into: str = ""
    names: tuple[Named, ...] = ()
    birth_date: str = ""
    sex: str = ""
    language: str = ""
    identifiers: tuple[Identifier, ...] = ()
    contacts: tuple[Contact, ...] = ()
    identity: str = ""
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def is_open(self) -> bool:
        """Nothing about a person is ever open: their visits and appointments are."""
        return False

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is a patient."""
        return record.get("resourceType") == cls.TYPE

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Patient, whoever wrote it."""
        links = (one for one in record.get("link", ()) if one.get("type") == "replaced-by")
        rest = take_rest(record, _OWN)
        return cls(
            id=record["id"],
            active=record.get("active"),
            merged_into=next((get_referred(one["other"], "Patient") for one in links), ""),
            names=tuple(_read_name(one) for one in record.get("name", ())),
            birth_date=record.get("birthDate", ""),
            sex=record.get("gender", ""),
            language=_find_language(record.get("communication", ())),
            identifiers=tuple(
                Identifier(one.get("system", ""), one.get("value", ""), _rest(one, "system", "value"))
                for one in record.get("identifier", ())
            ),
            contacts=tuple(_read_contact(one) for one in record.get("telecom", ())),
            identity=find_extended(record, "identity", ""),
            rest=rest or _NOTHING,
        )

    def to_record(self) -> Record:
        """Return the Patient."""
        rest = dict(self.rest)
        record: Record = {"resourceType": self.TYPE, "id": self.id}
        members: Record = {
            "identifier": [
                _fill({"system": one.system, "value": one.value}, one.rest) for one in self.identifiers
            ],
            "active": self.active,
            "name": [_write_name(one) for one in self.names],
            "telecom": [_write_contact(one) for one in self.contacts],
            "gender": self.sex,
            "birthDate": self.birth_date,
            "communication": _prefer(self.language, rest.pop("communication", ())),
        }
        record |= {name: value for name, value in members.items() if value not in ("", [], None)}
        return add_rest(add_extensions(record, extend(identity__Code=self.identity or None)), rest)

    def list_claims(self) -> Iterator[Claim]:
        """Yield nothing: that a number is used once is asked of the index, in the transaction."""
        yield from ()


def _find_language(spoken: Sequence[Mapping[str, Any]]) -> str:
    """The language somebody prefers, else the first that has a code."""
    by_preference = sorted(spoken, key=lambda one: not one.get("preferred"))
    return next((code for one in by_preference if (code := _get_code(one))), "")


def _get_code(spoken: Mapping[str, Any]) -> str:
    codings = spoken.get("language", {}).get("coding", ())
    return next((one.get("code", "") for one in codings if one.get("system") == _LANGUAGES), "")


def _prefer(language: str, spoken: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Languages somebody speaks, as they are if they prefer this one already."""
    if language == _find_language(spoken):
        return list(spoken)
    others = [
        {name: value for name, value in one.items() if name != "preferred"}
        for one in spoken
        if _get_code(one) != language
    ]
    coding = {"system": _LANGUAGES, "code": language}
    return [{"language": {"coding": [coding]}, "preferred": True}, *others]


def _rest(element: Mapping[str, Any], *own: str) -> Mapping[str, Any]:
    return {name: value for name, value in element.items() if name not in own} or _NOTHING


def _fill(element: Record, rest: Mapping[str, Any]) -> Record:
    return {name: value for name, value in element.items() if value not in ("", [], 0)} | dict(rest)


def _read_name(name: Mapping[str, Any]) -> Named:
    rest = _rest(name, "family", "given", "use", "text")
    given = tuple(name.get("given", ()))
    return Named(name.get("family", ""), given, name.get("use", ""), name.get("text", ""), rest)


def _write_name(name: Named) -> Record:
    made = {"use": name.use, "text": name.text, "family": name.family, "given": list(name.given)}
    return _fill(made, name.rest)


def _read_contact(contact: Mapping[str, Any]) -> Contact:
    rest = _rest(contact, "system", "value", "use", "rank")
    own = contact.get("system", ""), contact.get("value", ""), contact.get("use", ""), contact.get("rank", 0)
    return Contact(*own, rest)


def _write_contact(contact: Contact) -> Record:
    made = {"system": contact.system, "value": contact.value, "use": contact.use, "rank": contact.rank}
    return _fill(made, contact.rest)

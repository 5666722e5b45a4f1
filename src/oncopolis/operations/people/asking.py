"""What has to be said of a person, and of two records of one."""

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from oncopolis.foundation import Frozen
from oncopolis.operations.people.views import Contact, Identifier, Named, Person

__all__ = ["Correct", "Details", "Identify", "Merge", "Register", "Unmerge"]

_LONGEST: Final = 200  # structure: characters of a name or number
_MOST: Final = 20  # structure: names, numbers and telephones of one person
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
_WHOLE: Final = 10  # structure: characters of a date to the day
_ENDS: Final = ("", "-01", "-01-01")
"""What makes a day of a date that is told to the day, the month or the year."""


def _check_date(text: str) -> str:
    """Refuse what is no day, month or year."""
    if not _DATE.fullmatch(text):
        raise ValueError("a day, month or year such as 1970-02-03, 1970-02 or 1970")
    date.fromisoformat(text + _ENDS[2 - text.count("-")])
    return text


def _check_text(text: str) -> str:
    if not text.isprintable():
        raise ValueError("text that can be printed")
    return text


Text: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST),
    AfterValidator(_check_text),
]
Reason: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=_LONGEST)
]  # structure: a word
RecordId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,64}$")]


class NameTold(Frozen):
    """A name in one script; one person may have several."""

    family: Text | None = None
    given: tuple[Text, ...] = Field(default=(), max_length=_MOST)
    """Given name, then the patronymic."""
    use: Literal["official", "usual", "maiden", "old", "nickname", "temp", "anonymous"] = "official"


class NumberTold(Frozen):
    """A number by which somebody is known."""

    system: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:\S{1,180}$")]
    """Its system, as FHIR names it."""
    value: Text


class ContactTold(Frozen):
    """A way to reach somebody."""

    system: Literal["phone", "sms", "email", "fax", "pager", "url", "other"] = "phone"
    value: Text
    is_preferred: bool = False


class Details(Frozen):
    """Who somebody is, as far as they say."""

    names: tuple[NameTold, ...] = Field(default=(), max_length=_MOST)
    birth_date: Annotated[str, AfterValidator(_check_date)] | None = None
    """Day, month or year."""
    sex: Literal["female", "male", "other", "unknown"] | None = None
    identifiers: tuple[NumberTold, ...] = Field(default=(), max_length=_MOST)
    contacts: tuple[ContactTold, ...] = Field(default=(), max_length=_MOST)
    language: Literal["uz", "uz-Cyrl", "ru", "ko", "en"] | None = None
    """What they wish to be spoken to in."""

    def fill(self, person: Person) -> Person:
        """Return a person of whom this is true too; what is not said stays as it is."""
        return Person(
            id=person.id, active=person.active, merged_into=person.merged_into,
            names=tuple(Named(one.family or "", one.given, one.use) for one in self.names) or person.names,
            birth_date=self.birth_date or person.birth_date,
            sex=self.sex or person.sex,
            language=self.language or person.language,
            identifiers=self._fill_identifiers(person) or person.identifiers,
            contacts=self._fill_contacts(person) or person.contacts,
            identity=person.identity, rest=person.rest,
        )  # fmt: skip

    def _fill_identifiers(self, person: Person) -> tuple[Identifier, ...]:
        known = {(one.system, one.value): one for one in person.identifiers}
        return tuple(
            known.get((one.system, one.value), Identifier(one.system, one.value)) for one in self.identifiers
        )

    def _fill_contacts(self, person: Person) -> tuple[Contact, ...]:
        known = {(one.system, one.value): one for one in person.contacts}
        return tuple(
            replace(
                known.get((one.system, one.value), Contact(one.system, one.value)),
                rank=1 if one.is_preferred else 0,
            )
            for one in self.contacts
        )


class Register(Details):
    """Somebody who has no record here."""

    not_one_of: tuple[RecordId, ...] = ()
    """Patients who were shown as likely the same, and are not."""
    is_unknown: bool = False
    """Whether nobody knows who it is: an emergency. What is known is said all the same."""


class Correct(Details):
    """What was wrong about somebody: each member that is said takes the place of what there was."""

    patient: RecordId


class Identify(Details):
    """Who somebody is whom nobody knew."""

    patient: RecordId
    not_one_of: tuple[RecordId, ...] = ()


class Merge(Frozen):
    """Two records of one patient."""

    survivor: RecordId
    """The one that stays."""
    loser: RecordId
    reason: Reason


class Unmerge(Frozen):
    """A merge that was wrong."""

    loser: RecordId
    """The record that was merged."""
    reason: Reason

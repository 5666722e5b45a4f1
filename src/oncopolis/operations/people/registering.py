"""Somebody gets a record, or what it says of them is put right."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.people.asking import Correct, Details, Identify, Register
from oncopolis.operations.people.candidates import describe_details
from oncopolis.operations.people.refusing import (
    refuse_likely,
    refuse_merged,
    refuse_nothing,
    refuse_number,
    refuse_taken,
    refuse_told,
)
from oncopolis.operations.people.views import PROVISIONAL, Identifier, Named, Person
from oncopolis.operations.views import Record
from oncopolis.record.merging import ACTIVITY, make_agent
from oncopolis.record.oncology.systems import IDENTIFIERS, normalise_identifier
from oncopolis.record.search.likely import Likely, find_holders, find_likely

__all__ = ["ACTS"]

_LIKELY: Final = 50  # structure: people who are likely the same; all of them have to be told apart


def register(floor: Floor, asked: Register, moment: Moment) -> Decision:
    """Make a record of somebody who has none; answer ``patient``."""
    if not asked.names and not asked.is_unknown:
        refuse_nothing()
    _check_numbers(floor, asked, "")
    _check_nobody_is_likely(floor, asked, asked.not_one_of, "")
    person = asked.fill(Person(moment.make_id()))
    if asked.is_unknown:
        person = replace(person, identity=PROVISIONAL, names=person.names or (_name_unknown(moment),))
    return _decide(_normalise(person), asked.not_one_of, moment)


def identify(floor: Floor, asked: Identify, moment: Moment) -> Decision:
    """Tell who somebody is whom nobody knew; answer ``patient``."""
    known = _get(floor, asked.patient)
    if known.identity != PROVISIONAL:
        refuse_told(known.id)
    if not asked.names:
        refuse_nothing()
    _check_numbers(floor, asked, known.id)
    _check_nobody_is_likely(floor, asked, asked.not_one_of, known.id)
    return _decide(_normalise(replace(asked.fill(known), identity="")), asked.not_one_of, moment)


def correct(floor: Floor, asked: Correct, moment: Moment) -> Decision:
    """Put right what is wrong about somebody; answer ``patient``."""
    known = _get(floor, asked.patient)
    _check_numbers(floor, asked, known.id)
    return _decide(_normalise(asked.fill(known)), (), moment)


ACTS: Final = (
    Act("register", Register, register, ("Patient", "Provenance")),
    Act("identify", Identify, identify, ("Patient", "Provenance")),
    Act("correct", Correct, correct, ("Patient",)),
)


def _get(floor: Floor, id_: str) -> Person:
    person = floor.get(Person, id_)
    if person.merged_into:
        refuse_merged(id_, person.merged_into)
    return person


def _decide(person: Person, told_apart: Sequence[str], moment: Moment) -> Decision:
    records = (_tell_apart(person, told_apart, moment),) if told_apart else ()
    return Decision(puts=(person,), records=records, answer={"patient": person.id})


def _tell_apart(person: Person, others: Iterable[str], moment: Moment) -> Record:
    """Return what says who was looked at and found to be somebody else, and by whom."""
    return {
        "resourceType": "Provenance",
        "id": moment.make_id(),
        "target": [make_reference("Patient", person.id)],
        "recorded": to_instant(moment.at_ms),
        "activity": {"coding": [{"system": ACTIVITY, "code": "told-apart"}]},
        "agent": [make_agent(moment.who)],
        "entity": [
            {"role": "source", "what": make_reference("Patient", other)} for other in sorted(set(others))
        ],
    }


def _name_unknown(moment: Moment) -> Named:
    return Named(text=f"? {moment.local:%Y-%m-%d %H:%M}", use="temp")


def _normalise(person: Person) -> Person:
    """Let national numbers be digits alone, and each be told once."""
    numbers: dict[tuple[str, str], Identifier] = {}
    for one in person.identifiers:
        value = normalise_identifier(one.system, one.value)
        numbers.setdefault((one.system, value), replace(one, value=value))
    return replace(person, identifiers=tuple(numbers.values()))


def _check_numbers(floor: Floor, asked: Details, own: str) -> None:
    """Refuse numbers that cannot be right, and those somebody else has."""
    for one in asked.identifiers:
        check = IDENTIFIERS.get(one.system)
        read = None if check is None else check(one.value)
        if read is not None and not read.is_sound:
            issue = read.issues[0]
            refuse_number(f"identifier of {one.system}", issue.got, issue.expected)
        value = normalise_identifier(one.system, one.value)
        nobody: list[str] = []
        for holder in floor.look(partial(find_holders, system=one.system, value=value), nobody):
            if holder != own:
                refuse_taken(one.system, holder)


def _check_nobody_is_likely(floor: Floor, asked: Details, told_apart: Sequence[str], own: str) -> None:
    described = describe_details(asked)
    nobody: list[Likely] = []
    found = floor.look(partial(find_likely, asked=described, most=_LIKELY), nobody)
    names = [str(one.patient["id"]) for one in found if one.likeness.is_likely]
    left = [name for name in names if name != own and name not in told_apart]
    if left:
        refuse_likely([f"Patient/{name}" for name in left])

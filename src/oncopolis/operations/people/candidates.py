"""`find_candidates`: who may be the person that is asked for, with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncopolis.operations.people.asking import Details
from oncopolis.operations.people.views import Person
from oncopolis.record import Act
from oncopolis.record.likeness import Described, Reason, describe
from oncopolis.record.search.likely import find_likely
from oncopolis.record.store import Store
from oncopolis.record.store.reading import Reading

__all__ = ["Candidate", "find_candidates"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the one who is asked for.

    Parameters
    ----------
    score
        Probability that they are one person, by the weights of the house.
    is_likely
        Whether whoever registers has to say that they are not.
    reasons
        What agrees and what differs; `sentences.REASONS` has a text for each.
    """

    person: Person
    score: float
    is_likely: bool
    reasons: tuple[Reason, ...]


def find_candidates(
    where: Reading | Store, asked: Details | Mapping[str, Any], audited: Act | None = None
) -> list[Candidate]:
    """List who may be ``asked``, the likeliest first, of those whom the reading may see.

    Parameters
    ----------
    asked
        What somebody says, or a Patient.
    audited
        Who looks: whoever is shown is in the audit before this returns; None where others see to that.
    """
    described = describe(asked) if isinstance(asked, Mapping) else describe_details(asked)
    found = (
        where.ask(lambda reading: find_likely(reading, described))
        if isinstance(where, Store)
        else find_likely(where, described)
    )
    if isinstance(where, Store) and audited is not None:
        where.note(audited, [one.version for one in found]).result()
    return [
        Candidate(
            Person.from_record(one.patient),
            one.likeness.probability,
            one.likeness.is_likely,
            one.likeness.reasons,
        )
        for one in found
    ]


def describe_details(details: Details) -> Described:
    """What is compared of what somebody says."""
    return describe(details.fill(Person("asked")).to_record())

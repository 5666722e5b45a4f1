"""The acts `merge` and `unmerge`: the floor says what stands against it, the record moves what is there."""

from collections.abc import Mapping
from typing import Any, Final

from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.merging.standing import check_nothing_collides
from oncopolis.operations.people.asking import Merge, Unmerge
from oncopolis.operations.people.refusing import refuse_merged
from oncopolis.operations.people.views import Person
from oncopolis.record import merging as recorded
from oncopolis.record.store import Transaction

__all__ = ["ACTS"]

_NAMED: Final = 100  # structure: records that an answer names
_WRITES: Final = (
    "Patient", "Provenance", "Encounter", "Appointment", "CarePlan", "EpisodeOfCare", "ServiceRequest",
    "Task", "Observation", "DiagnosticReport", "Condition", "Procedure", "Communication", "Consent",
)  # fmt: skip
"""A program needs scopes for what a patient's record has most of."""


def merge(floor: Floor, asked: Merge, moment: Moment) -> Decision:
    """Let one record of a patient go into another; answer ``survivor``, ``open`` and ``moved``."""
    for id_ in (asked.survivor, asked.loser):
        person = floor.get(Person, id_)
        if person.merged_into:
            refuse_merged(id_, person.merged_into)
    check_nothing_collides(floor, asked.survivor, asked.loser)

    def move(transaction: Transaction) -> Mapping[str, Any]:
        wanted = recorded.Merge(asked.survivor, asked.loser, moment.who, asked.reason)
        return {"moved": len(recorded.merge(transaction, wanted))}

    taken_over = sorted(f"{view.TYPE}/{view.id}" for view in floor.list_of_patient(asked.loser))
    return Decision(also=(move,), answer={"survivor": asked.survivor, "open": taken_over})


def unmerge(floor: Floor, asked: Unmerge, moment: Moment) -> Decision:
    """Undo a merge; answer ``survivor``, ``moved``, and in ``since`` records that somebody has to look at."""
    floor.get(Person, asked.loser)

    def move(transaction: Transaction) -> Mapping[str, Any]:
        undone = recorded.unmerge(transaction, asked.loser, moment.who, asked.reason)
        since = undone.since
        return {
            "survivor": undone.survivor, "moved": len(undone.moved), "since": list(since[:_NAMED]),
            "n_since": len(since),
        }  # fmt: skip

    return Decision(also=(move,))


ACTS: Final = (Act("merge", Merge, merge, _WRITES), Act("unmerge", Unmerge, unmerge, _WRITES))

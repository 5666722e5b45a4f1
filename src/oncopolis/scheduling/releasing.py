"""`release`: a person says in their own name that a schedule may be used; the record of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from oncopolis.foundation import InputError
from oncopolis.scheduling.verdict import Verdict

_SHOWN = 3  # structure: violations that one message names


@dataclass(frozen=True, slots=True)
class Release:
    """Who has released which schedule, knowing what of it.

    Parameters
    ----------
    by, role, note
        As the person gives them.
    at
        When, ISO 8601 in UTC.
    instance_sha256, schedule_sha256
        Of the two files, byte for byte: a schedule that was changed afterwards is another one.
    past_target
        Clinical class -> those admitted after their target day, and those left out.
    passed_over
        Who is left out, of which class, gender, age and region, and why.
    """

    by: str
    role: str
    note: str
    at: str
    instance_sha256: str
    schedule_sha256: str
    cost: int
    past_target: Mapping[int, tuple[int, int]]
    passed_over: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written."""
        return asdict(self)


def release(
    instance: bytes,
    schedule: bytes,
    verdict: Verdict,
    passed_over: Sequence[Mapping[str, Any]],
    *,
    by: str,
    role: str,
    at: datetime,
    note: str = "",
) -> Release:
    """Return the record of a release.

    Parameters
    ----------
    verdict
        What the check says of the two files.

    Raises
    ------
    InputError
        SCH-062: the schedule breaks a rule. SCH-063: nobody is named.
    """
    if not by.strip() or not role.strip():
        raise InputError(
            code="SCH-063", where="release", got=f"by {by!r}, role {role!r}", expected="a name and a role",
            fix="say who releases the schedule, and as what",
        )  # fmt: skip
    if verdict.violations:
        told = "; ".join(f"{one.where}: {one.message}" for one in verdict.violations[:_SHOWN])
        raise InputError(
            code="SCH-062", where="release", got=f"{len(verdict.violations)} broken rules: {told}",
            expected="a schedule that keeps every rule", fix="mend the schedule, or search for another one",
        )  # fmt: skip
    return Release(
        by=by.strip(),
        role=role.strip(),
        note=note.strip(),
        at=at.astimezone(UTC).isoformat(timespec="seconds"),
        instance_sha256=sha256(instance).hexdigest(),
        schedule_sha256=sha256(schedule).hexdigest(),
        cost=verdict.cost,
        past_target=dict(verdict.past_target),
        passed_over=tuple(passed_over),
    )

"""`Problem`: cycles of chemotherapy to be given in a day clinic, on which days and at what times.

The problem is that of Tran, Nguyen, Chehade, Amodeo and Yalaoui (Applied Sciences 12, 2022, 659), of which
the CHT-I instances are. Days are counted from 1; day 0 is the day before the first, on which only the
pharmacy may work. Slots of a day are counted from 0; what takes n slots from slot s on ends at s + n.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from oncopolis.foundation import Collector, InputError
from oncopolis.scheduling.links import Link

Calendar = tuple[tuple[int, ...], ...]
"""(days + 1, slots): how much there is of something."""


@dataclass(frozen=True, slots=True)
class Session:
    """One visit of a cycle.

    Parameters
    ----------
    rest_days
        Exact number of days since the session before; of the first session, the least since day 1.
    has_consultation
        Whether a doctor sees the patient first.
    sector
        Which doctors.
    may_mix_ahead
        Whether the drug may be mixed before the consultation, on the same day or the day before.
    mixing_slots, monitoring_slots
        How long the drug takes to be mixed, and to be given.
    link
        Days to which another treatment ties the session, such as those of fractions; None for none.
    """

    rest_days: int
    has_consultation: bool
    sector: str
    may_mix_ahead: bool
    mixing_slots: int
    monitoring_slots: int
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody with a cycle of sessions."""

    id: str
    sessions: tuple[Session, ...]

    def list_offsets(self) -> list[int]:
        """Return the days from the first session to each."""
        offsets = [0]
        for session in self.sessions[1:]:
            offsets.append(offsets[-1] + session.rest_days)
        return offsets

    def find_first_days(self, days: int) -> range:
        """Return the days on which the cycle may begin so that it ends within the horizon."""
        return range(1 + self.sessions[0].rest_days, days - self.list_offsets()[-1] + 1)

    def may_begin(self, first: int) -> bool:
        """Whether each session is on a day that its link allows, if the cycle begins on a day."""
        return all(
            session.link is None or first + offset in session.link.days
            for session, offset in zip(self.sessions, self.list_offsets(), strict=True)
        )


@dataclass(frozen=True)
class Problem:
    """A whole problem; `check_problem` says whether it can be meant.

    Parameters
    ----------
    days, slots
        Length of the horizon, and of a day.
    n_seats
        Chairs and beds: one for each patient from the beginning of the installation to the end.
    patients_per_nurse
        How many one nurse monitors at a time; an installation takes a whole nurse.
    consultation_slots, installation_slots
        How long they take.
    doctors
        Sector -> doctors of each slot.
    nurses
        Of each slot.
    pharmacy
        1 where drugs are mixed, any number at a time.
    seats_out
        Seats that cannot be used, of each day from 0 on; none where it is empty.
    """

    days: int
    slots: int
    n_seats: int
    patients_per_nurse: int
    consultation_slots: int
    installation_slots: int
    doctors: Mapping[str, Calendar]
    nurses: Calendar
    pharmacy: Calendar
    patients: tuple[Patient, ...]
    seats_out: tuple[int, ...] = ()

    def count_seats(self, day: int) -> int:
        """Return the seats that can be used on a day."""
        return self.n_seats - (self.seats_out[day] if self.seats_out else 0)

    @cached_property
    def n_sessions(self) -> int:
        """Sessions of all patients."""
        return sum(len(patient.sessions) for patient in self.patients)


def check_problem(problem: Problem, where: str = "problem") -> None:
    """Refuse what cannot be meant, with every fault found.

    Raises
    ------
    InputError, InputErrors
        SCH-042 to SCH-045.
    """
    faults = Collector()
    for fault in _list_faults(problem, where):
        faults.add(fault)
    faults.raise_if_any()


def _list_faults(problem: Problem, where: str) -> Iterator[InputError]:
    for name in ("days", "slots", "patients_per_nurse"):
        if (number := getattr(problem, name)) < 1:
            yield _refuse_number(f"{where}: {name}", number, "at least 1")
    for name in ("n_seats", "consultation_slots", "installation_slots"):
        if (number := getattr(problem, name)) < 0:
            yield _refuse_number(f"{where}: {name}", number, "at least 0")
    for name, calendar in (("nurses", problem.nurses), ("pharmacy", problem.pharmacy)):
        yield from _list_faults_of_calendar(problem, calendar, f"{where}: {name}")
    yield from _list_faults_of_seats(problem, f"{where}: seats_out")
    for sector, calendar in problem.doctors.items():
        yield from _list_faults_of_calendar(problem, calendar, f"{where}: doctors {sector}")
    for id_, n in Counter(patient.id for patient in problem.patients).items():
        if n > 1:
            yield InputError(
                code="SCH-043", where=f"{where}: patients", got=f"{id_} {n} times", expected="each once",
                fix="leave one of them out",
            )  # fmt: skip
    for patient in problem.patients:
        yield from _list_faults_of_patient(problem, patient, f"{where}: patient {patient.id}")


def _list_faults_of_seats(problem: Problem, place: str) -> Iterator[InputError]:
    if len(problem.seats_out) not in (0, problem.days + 1):
        yield _refuse_length(place, f"{len(problem.seats_out)} days", f"{problem.days + 1}, or none")
    for day, number in enumerate(problem.seats_out):
        if not 0 <= number <= problem.n_seats:
            yield _refuse_number(f"{place}, day {day}", number, f"0 to {problem.n_seats}")


def _list_faults_of_calendar(problem: Problem, calendar: Calendar, place: str) -> Iterator[InputError]:
    if len(calendar) != problem.days + 1:
        yield _refuse_length(place, f"{len(calendar)} days", f"{problem.days + 1}: day 0 to {problem.days}")
    for day, row in enumerate(calendar):
        if len(row) != problem.slots:
            yield _refuse_length(f"{place}, day {day}", f"{len(row)} slots", f"{problem.slots}: one a slot")
        if any(number < 0 for number in row):
            yield _refuse_number(f"{place}, day {day}", min(row), "at least 0")


def _list_faults_of_patient(problem: Problem, patient: Patient, place: str) -> Iterator[InputError]:
    if not patient.sessions:
        yield _refuse_length(f"{place}: sessions", "none", "at least one")
    for nth, session in enumerate(patient.sessions):
        least = 0 if nth == 0 else 1
        if session.rest_days < least:
            yield _refuse_number(f"{place}: session {nth}: rest_days", session.rest_days, f"at least {least}")
        for name in ("mixing_slots", "monitoring_slots"):
            if (number := getattr(session, name)) < 0:
                yield _refuse_number(f"{place}: session {nth}: {name}", number, "at least 0")
        if session.sector not in problem.doctors:
            yield InputError(
                code="SCH-045", where=f"{place}: session {nth}: sector", got=session.sector,
                expected=f"one with doctors: {', '.join(sorted(problem.doctors)) or 'none is named'}",
                fix="correct the sector, or add its doctors",
            )  # fmt: skip


def _refuse_number(where: str, got: int, expected: str) -> InputError:
    return InputError(code="SCH-042", where=where, got=str(got), expected=expected, fix="correct the number")


def _refuse_length(where: str, got: str, expected: str) -> InputError:
    return InputError(code="SCH-044", where=where, got=got, expected=expected, fix="make the lengths agree")

"""The forms of the Second International Nurse Rostering Competition, text and JSON.

An instance is three kinds of files: a scenario, a history and one file a week. It is named as the field does,
``n030w4_1_6-2-9-1``: the folder ``n030w4`` with history 1 and the weeks 6, 2, 9 and 1. One JSON file that
holds them all, ``{"scenario": ..., "history": ..., "weeks": [...]}``, is an instance too.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from oncopolis.foundation import InputError, InputErrors
from oncopolis.scheduling.reading import read_form, read_text, refuse_form, to_form
from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.faults import check_problem
from oncopolis.scheduling.rosters.problem import (
    WEEK,
    Contract,
    History,
    Need,
    Nurse,
    Problem,
    ShiftType,
    Wish,
)
from oncopolis.scheduling.rosters.published import (
    ContractForm,
    HistoryForm,
    InstanceForm,
    PastForm,
    ScenarioForm,
    SolutionForm,
    WeekForm,
    WeekSolutionForm,
)
from oncopolis.scheduling.rosters.solution import Assignment, Solution
from oncopolis.scheduling.rosters.text import (
    DAYS,
    parse_history,
    parse_scenario,
    parse_solution,
    parse_week,
)
from oncopolis.scheduling.rosters.working_time import keep_working_time
from oncopolis.scheduling.verdict import Verdict

M = TypeVar("M", bound=BaseModel)

_NAME = re.compile(r"(?P<set>.+)_(?P<history>\d+)_(?P<weeks>\d+(-\d+)*)")
_LETTERS = 3  # structure: a day is written Mon or Monday
_NONE, _ANY = "None", "Any"


def is_instance(path: Path) -> bool:
    """Whether a path names an instance of this form, right or wrong in detail."""
    if path.is_file():
        try:
            made = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(made, dict) and {"scenario", "weeks"} <= made.keys()
    return path.is_dir() or _find_set(path) is not None


def _find_set(path: Path) -> tuple[Path, str, list[str]] | None:
    """Return the folder, the history and the weeks that the name of an instance says."""
    said = _NAME.fullmatch(path.name)
    if said is None or not (path.parent / said["set"]).is_dir():
        return None
    return path.parent / said["set"], said["history"], said["weeks"].split("-")


def check_files(instance: Path, solution: Path) -> Verdict:
    """Check the solution in a file or folder against an instance."""
    problem = read_problem(instance)
    return check(problem, read_solution(solution, problem))


def read_problem(path: Path) -> Problem:
    """Read and check an instance.

    Raises
    ------
    InputError, InputErrors
        It is not of the form, or cannot be meant; with every fault.
    """
    if path.is_file():
        made = read_form(path, InstanceForm)
    else:
        found = _find_set(path)
        if found is None:
            raise InputError(
                code="SCH-054",
                where=str(path),
                got="no file, and no folder with a history and weeks",
                expected="a JSON file, or a name such as n030w4_1_6-2-9-1 beside the folder n030w4",
                fix="name the folder, the history and the weeks",
            )
        made = _read_set(*found)
    problem = _to_problem(made, str(path))
    check_problem(problem, str(path))
    return problem


def _read_set(folder: Path, history: str, weeks: list[str]) -> InstanceForm:
    return InstanceForm(
        scenario=_read_either(folder / f"Sc-{folder.name}", ScenarioForm, parse_scenario),
        history=_read_either(folder / f"H0-{folder.name}-{history}", HistoryForm, parse_history),
        weeks=tuple(
            _read_either(folder / f"WD-{folder.name}-{week}", WeekForm, parse_week) for week in weeks
        ),
    )


def _read_either(stem: Path, model: type[M], parse: Callable[[str, str], Mapping[str, Any]]) -> M:
    """Read a file in its JSON form, or else in its text form."""
    as_json = stem.with_name(f"{stem.name}.json")
    if as_json.is_file():
        return read_form(as_json, model)
    as_text = stem.with_name(f"{stem.name}.txt")
    return to_form(json.dumps(parse(read_text(as_text), str(as_text))), str(as_text), model)


def _to_problem(made: InstanceForm, where: str) -> Problem:
    scenario = made.scenario
    faults: list[InputError] = []
    if len(made.weeks) != scenario.numberOfWeeks:
        faults.append(refuse_form(f"{where}: weeks", f"{len(made.weeks)} weeks", f"{scenario.numberOfWeeks}"))
    past = {one.nurse: one for one in made.history.nurseHistory}
    faults += [
        refuse_form(f"{where}: history", f"nothing of {nurse.id}", "what each nurse has worked")
        for nurse in scenario.nurses
        if nurse.id not in past
    ]
    days = list(_list_days(made, where, faults))
    if faults:
        raise InputErrors(faults)
    return Problem(
        name=scenario.id,
        weeks=scenario.numberOfWeeks,
        skills=scenario.skills,
        shifts=tuple(
            ShiftType(
                one.id,
                one.minimumNumberOfConsecutiveAssignments,
                one.maximumNumberOfConsecutiveAssignments,
                one.startMinute,
                one.endMinute,
            )
            for one in scenario.shiftTypes
        ),
        forbidden=frozenset(
            (one.precedingShiftType, after)
            for one in scenario.forbiddenShiftTypeSuccessions
            for after in one.succeedingShiftTypes
        ),
        contracts=tuple(map(_to_contract, scenario.contracts)),
        nurses=tuple(
            Nurse(one.id, one.contract, one.skills, _to_history(past[one.id]), one.to_link())
            for one in scenario.nurses
        ),
        needs=tuple(
            Need(
                number * WEEK + day,
                one.shiftType,
                one.skill,
                getattr(one, f"requirementOn{name}").minimum,
                getattr(one, f"requirementOn{name}").optimal,
            )
            for number, week in enumerate(made.weeks)
            for one in week.requirements
            for day, name in enumerate(DAYS)
        ),
        wishes=tuple(days),
    )


def _list_days(made: InstanceForm, where: str, faults: list[InputError]) -> Iterator[Wish]:
    for number, week in enumerate(made.weeks):
        for one in week.shiftOffRequests:
            day = _find_day(one.day)
            if day is None:
                faults.append(refuse_form(f"{where}: week {number}: wish of {one.nurse}", one.day, "a day"))
                continue
            yield Wish(one.nurse, number * WEEK + day, None if one.shiftType == _ANY else one.shiftType)


def _find_day(written: str) -> int | None:
    """Return the day of the week that ``Mon`` or ``Monday`` says."""
    for place, day in enumerate(DAYS):
        if written in (day, day[:_LETTERS]):
            return place
    return None


def _to_contract(made: ContractForm) -> Contract:
    contract = Contract(
        id=made.id,
        least_shifts=made.minimumNumberOfAssignments,
        most_shifts=made.maximumNumberOfAssignments,
        least_days=made.minimumNumberOfConsecutiveWorkingDays,
        most_days=made.maximumNumberOfConsecutiveWorkingDays,
        least_off=made.minimumNumberOfConsecutiveDaysOff,
        most_off=made.maximumNumberOfConsecutiveDaysOff,
        most_weekends=made.maximumNumberOfWorkingWeekends,
        has_whole_weekends=bool(made.completeWeekends),
        least_rest_min=made.leastRestMinutes,
        most_week_min=made.mostMinutesInAWeek,
    )
    return contract if made.workingTime is None else keep_working_time(contract, made.workingTime)


def _to_history(made: PastForm) -> History:
    return History(
        n_shifts=made.numberOfAssignments,
        n_weekends=made.numberOfWorkingWeekends,
        last_shift=None if made.lastAssignedShiftType == _NONE else made.lastAssignedShiftType,
        n_same=made.numberOfConsecutiveAssignments,
        n_days=made.numberOfConsecutiveWorkingDays,
        n_off=made.numberOfConsecutiveDaysOff,
    )


def read_solution(path: Path, problem: Problem) -> Solution:
    """Read a solution: one file with all weeks, or a folder with one file a week.

    What it names and the problem does not is for `check` to report. In a folder, files of another scenario
    are passed over.

    Raises
    ------
    InputError, InputErrors
        It is not of the form, or says a week twice.
    """
    if path.is_dir():
        read = [_read_week(one) for one in sorted(path.iterdir()) if _is_solution(one)]
        weeks = [week for week in read if week.scenario == problem.name]
    else:
        weeks = list(read_form(path, SolutionForm).weeks)
    numbers = [week.week for week in weeks]
    if sorted(numbers) != list(range(problem.weeks)):
        raise refuse_form(f"{path}: weeks", str(numbers), f"each of 0 to {problem.weeks - 1} once")
    faults: list[InputError] = []
    made = []
    for week in weeks:
        for one in week.assignments:
            day = _find_day(one.day)
            if day is None:
                faults.append(refuse_form(f"{path}: week {week.week}: {one.nurse}", one.day, "a day"))
                continue
            made.append(Assignment(one.nurse, week.week * WEEK + day, one.shiftType, one.skill))
    if faults:
        raise InputErrors(faults)
    return Solution(tuple(made))


def _is_solution(path: Path) -> bool:
    return path.is_file() and path.name.lower().startswith("sol") and path.suffix in {".txt", ".json"}


def _read_week(path: Path) -> WeekSolutionForm:
    if path.suffix == ".json":
        return read_form(path, WeekSolutionForm)
    return to_form(json.dumps(parse_solution(read_text(path), str(path))), str(path), WeekSolutionForm)


def to_json(problem: Problem, solution: Solution) -> dict[str, Any]:
    """Return a solution as `read_solution` takes it: the competition's form of each week in one list."""
    ordered = sorted(solution.assignments, key=lambda one: (one.nurse, one.day))
    return {
        "weeks": [
            {
                "scenario": problem.name,
                "week": week,
                "assignments": [
                    {
                        "nurse": one.nurse,
                        "day": DAYS[one.day % WEEK][:_LETTERS],
                        "shiftType": one.shift,
                        "skill": one.skill,
                    }
                    for one in ordered
                    if one.day // WEEK == week
                ],
            }
            for week in range(problem.weeks)
        ]
    }

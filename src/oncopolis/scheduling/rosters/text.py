"""The text form of the competition's files, turned into what its JSON form says."""

import re
from collections.abc import Iterator
from typing import Any

from oncopolis.foundation import InputError
from oncopolis.scheduling.reading import refuse_form

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PAIR = re.compile(r"\((\d+),\s*(\d+)\)")
_SHOWN = 100  # structure: how much of a wrong line a message repeats


class _Lines:
    """The lines of a file that say something, taken one after the other."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        numbered = enumerate(text.splitlines(), start=1)
        self.rest = [(number, line.strip()) for number, line in numbered if line.strip()]
        self.number, self.line = 0, ""

    def take(self) -> list[str]:
        """Return the words of the next line."""
        if not self.rest:
            raise refuse_form(f"{self.where}: end", "nothing more", "more lines")
        self.number, self.line = self.rest.pop(0)
        return self.line.split()

    def skip_to(self, heading: str) -> int:
        """Go past a heading, and return the number it states, or -1."""
        while self.take()[0] != heading:
            pass
        words = self.line.split()
        return int(words[2]) if len(words) > 2 and words[2].isdigit() else -1

    def list_until_heading(self) -> Iterator[list[str]]:
        """Yield the words of all lines up to the next heading."""
        while self.rest and "=" not in self.rest[0][1]:
            yield self.take()

    def refuse(self, expected: str) -> InputError:
        """Return the fault of the last line taken."""
        return refuse_form(f"{self.where}:{self.number}", self.line[:_SHOWN], expected)


def parse_scenario(text: str, where: str) -> dict[str, Any]:
    """Return a scenario as its JSON form has it."""
    lines = _Lines(text, where)
    return _guard(lines, _parse_scenario)


def _parse_scenario(lines: _Lines) -> dict[str, Any]:
    name = lines.take()[2]
    lines.take()
    weeks = int(lines.line.split()[2])
    skills = [lines.take()[0] for _ in range(lines.skip_to("SKILLS"))]
    shifts = []
    for _ in range(lines.skip_to("SHIFT_TYPES")):
        words = lines.take()
        [(least, most)] = _PAIR.findall(lines.line)
        shifts.append(
            {
                "id": words[0],
                "minimumNumberOfConsecutiveAssignments": int(least),
                "maximumNumberOfConsecutiveAssignments": int(most),
            }
        )
    lines.skip_to("FORBIDDEN_SHIFT_TYPES_SUCCESSIONS")
    forbidden = []
    for _ in shifts:
        words = lines.take()
        forbidden.append({"precedingShiftType": words[0], "succeedingShiftTypes": words[2:]})
    contracts = [_parse_contract(lines) for _ in range(lines.skip_to("CONTRACTS"))]
    nurses = []
    for _ in range(lines.skip_to("NURSES")):
        words = lines.take()
        nurses.append({"id": words[0], "contract": words[1], "skills": words[3:]})
    return {
        "id": name,
        "numberOfWeeks": weeks,
        "skills": skills,
        "shiftTypes": shifts,
        "forbiddenShiftTypeSuccessions": forbidden,
        "contracts": contracts,
        "nurses": nurses,
    }


def _parse_contract(lines: _Lines) -> dict[str, Any]:
    words = lines.take()
    shifts, days, off = ((int(least), int(most)) for least, most in _PAIR.findall(lines.line))
    return {
        "id": words[0],
        "minimumNumberOfAssignments": shifts[0],
        "maximumNumberOfAssignments": shifts[1],
        "minimumNumberOfConsecutiveWorkingDays": days[0],
        "maximumNumberOfConsecutiveWorkingDays": days[1],
        "minimumNumberOfConsecutiveDaysOff": off[0],
        "maximumNumberOfConsecutiveDaysOff": off[1],
        "maximumNumberOfWorkingWeekends": int(words[-2]),
        "completeWeekends": int(words[-1]),
    }


def parse_history(text: str, where: str) -> dict[str, Any]:
    """Return a history as its JSON form has it."""
    lines = _Lines(text, where)
    return _guard(lines, _parse_history)


def _parse_history(lines: _Lines) -> dict[str, Any]:
    lines.skip_to("NURSE_HISTORY")
    names = (
        "numberOfAssignments",
        "numberOfWorkingWeekends",
        "numberOfConsecutiveAssignments",
        "numberOfConsecutiveWorkingDays",
        "numberOfConsecutiveDaysOff",
    )
    made = []
    for nurse, shifts, weekends, last, *runs in lines.list_until_heading():
        numbers = map(int, (shifts, weekends, *runs))
        made.append({"nurse": nurse, "lastAssignedShiftType": last, **dict(zip(names, numbers, strict=True))})
    return {"nurseHistory": made}


def parse_week(text: str, where: str) -> dict[str, Any]:
    """Return what is needed and wished in a week as its JSON form has it."""
    lines = _Lines(text, where)
    return _guard(lines, _parse_week)


def _parse_week(lines: _Lines) -> dict[str, Any]:
    lines.skip_to("REQUIREMENTS")
    needs = []
    for shift, skill, *_ in lines.list_until_heading():
        pairs = zip(DAYS, _PAIR.findall(lines.line), strict=True)
        needs.append(
            {
                "shiftType": shift,
                "skill": skill,
                **{
                    f"requirementOn{day}": {"minimum": int(least), "optimal": int(wanted)}
                    for day, (least, wanted) in pairs
                },
            }
        )
    wishes = []
    for _ in range(lines.skip_to("SHIFT_OFF_REQUESTS") if lines.rest else 0):
        nurse, shift, day = lines.take()
        wishes.append({"nurse": nurse, "shiftType": shift, "day": day})
    return {"requirements": needs, "shiftOffRequests": wishes}


def parse_solution(text: str, where: str) -> dict[str, Any]:
    """Return the solution of a week as its JSON form has it."""
    lines = _Lines(text, where)
    return _guard(lines, _parse_solution)


def _parse_solution(lines: _Lines) -> dict[str, Any]:
    lines.take()
    week, name = lines.take()
    made = []
    for _ in range(lines.skip_to("ASSIGNMENTS")):
        nurse, day, shift, skill = lines.take()
        made.append({"nurse": nurse, "day": day, "shiftType": shift, "skill": skill})
    return {"week": int(week), "scenario": name, "assignments": made}


def _guard(lines: _Lines, parse: Any) -> dict[str, Any]:
    """Turn whatever is wrong with a line into a fault that names it."""
    try:
        parsed: dict[str, Any] = parse(lines)
    except (ValueError, IndexError) as error:
        raise lines.refuse("a line of the competition's text form") from error
    return parsed

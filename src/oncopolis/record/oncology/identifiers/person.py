"""What a national number says of its holder, and how it was found."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from oncopolis.record.oncology.issues import Issue

__all__ = ["Person", "Sex", "find_day", "make_form_issue"]

Sex: TypeAlias = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Person:
    """A number that was read.

    Parameters
    ----------
    text
        Its normal form: digits alone. As it came where it cannot be read.
    issues
        What is wrong with it.
    birth_date, sex
        What the number says, where it does.
    """

    text: str
    issues: tuple[Issue, ...] = ()
    birth_date: date | None = None
    sex: Sex | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.issues


def find_day(year: int, month: str, day: str) -> date | None:
    """Return a day, None where there is none such."""
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def make_form_issue(rule: str, text: str, n_digits: int) -> Issue:
    """Tell that a number does not have the digits it should; the number itself is not repeated."""
    n_found = sum(sign.isdigit() for sign in text)
    return Issue(f"{rule}-form", f"{n_found} digits in {len(text)} signs", f"{n_digits} digits")

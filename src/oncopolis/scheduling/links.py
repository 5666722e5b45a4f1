"""`Link`: on which days something may be, because of something that another resource does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A rule that ties a patient to days.

    Parameters
    ----------
    days
        Days on which it may be, as the problem counts them; days outside of its horizon are passed over.
    because
        What it is tied to, in words that a refusal repeats: the days of fractions, the end of radiotherapy.
    """

    days: frozenset[int]
    because: str


def link_after(day: int, least_days: int, most_days: int, because: str) -> Link:
    """Return the link to the days from so many to so many after a day, both included."""
    return Link(frozenset(range(day + least_days, day + most_days + 1)), because)

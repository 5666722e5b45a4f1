"""Which departments belong together, and how strongly."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated

from pydantic import Field

from oncopolis.design.required import Grade, Link, Stated
from oncopolis.design.sheets import read_data
from oncopolis.foundation import Frozen


class LinkEntry(Frozen):
    """A graded pair."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    grade: Grade
    source: str


class LinkFile(Frozen):
    """The file of all pairs."""

    links: tuple[LinkEntry, ...]


@cache
def read_links() -> LinkFile:
    """Read the packaged pairs."""
    return LinkFile.model_validate(read_data("links.yaml"))


def list_links(departments: Collection[str], stated: Mapping[str, Stated]) -> tuple[Link, ...]:
    """Return the pairs of which both departments exist."""
    return tuple(
        Link(
            (entry.between[0], entry.between[1]),
            entry.grade,
            stated[f"design.link.{entry.grade}"].value,
            entry.source,
        )
        for entry in read_links().links
        if set(entry.between) <= set(departments)
    )

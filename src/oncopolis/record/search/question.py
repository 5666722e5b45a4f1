"""A question as it was understood."""

from dataclasses import dataclass
from typing import Literal

from oncopolis.record.search.nodes import Node
from oncopolis.record.search.ordering import Sort

Total = Literal["none", "estimate", "accurate"]
Summary = Literal["true", "text", "data", "count", "false"]


@dataclass(frozen=True, slots=True)
class Include:
    """Records that come along.

    Parameters
    ----------
    source
        Type of the record that refers; None for any.
    numbers
        Of the reference parameters that are followed; none means all.
    target
        Type of the record that is referred to; None for any.
    is_reverse
        From what is referred to, to what refers to it.
    is_repeated
        From what was included too.
    """

    source: str | None
    numbers: tuple[int, ...]
    target: str | None
    is_reverse: bool
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched, and how it is answered.

    Parameters
    ----------
    nodes
        Demands, all of which are met.
    sorts
        None means in the order in which records were made.
    count
        Matches of a page.
    total
        None: told where it costs little.
    elements
        Which elements are wanted; none means all.
    cursor
        Where a page goes on, as an earlier one said.
    applied
        Names and values of the parameters that count, as they were asked.
    ignored
        What does not count, and why.
    identity
        What tells the question from others, whatever page of it is asked for.
    """

    types: tuple[str, ...]
    nodes: tuple[Node, ...] = ()
    sorts: tuple[Sort, ...] = ()
    includes: tuple[Include, ...] = ()
    count: int = 0
    total: Total | None = None
    summary: Summary = "false"
    elements: tuple[str, ...] = ()
    cursor: str | None = None
    applied: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    identity: str = ""

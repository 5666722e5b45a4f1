"""The order of results."""

from dataclasses import dataclass
from typing import Final

from oncopolis.record.search.parameters import KEY_COLUMNS, find_parameter, list_codes
from oncopolis.record.search.refusing import SearchRefused, show
from oncopolis.record.search.splitting import split

MOST_KEYS: Final = 5  # structure: keys of an order


@dataclass(frozen=True, slots=True)
class Sort:
    """One key.

    Parameters
    ----------
    kind
        Of the index table; empty for the id of a record.
    columns
        Of that table; a record with several values counts by the one that comes first in this order.
    numbers
        Of the parameter, one for each type that is searched.
    """

    code: str
    is_down: bool
    kind: str
    columns: tuple[str, ...]
    numbers: tuple[int, ...]
    is_single: bool

    @property
    def is_everywhere(self) -> bool:
        """Whether every record has a value."""
        return self.code in ("_id", "_lastUpdated")


def read_sort(types: tuple[str, ...], text: str) -> tuple[Sort, ...]:
    """Read ``_sort``.

    Raises
    ------
    SearchRefused
        A key that is none.
    """
    keys = split(text, ",")
    if len(keys) > MOST_KEYS:
        raise _refuse(f"{len(keys)} keys", f"at most {MOST_KEYS}")
    return tuple(_read_key(types, key) for key in keys)


def _read_key(types: tuple[str, ...], key: str) -> Sort:
    code, is_down = key.removeprefix("-"), key.startswith("-")
    if code == "_id":
        return Sort("_id", is_down, "", ("id",), (), is_single=True)
    parameter = find_parameter(types, code)
    if parameter is None or parameter.kind not in KEY_COLUMNS:
        known = [one for one in list_codes(types) if _can_sort(types, one)]
        raise _refuse(show(key), f"one of {', '.join(known)}, with - before it for the last first")
    return Sort(
        code, is_down, parameter.kind, KEY_COLUMNS[parameter.kind], parameter.numbers, parameter.is_single
    )


def _can_sort(types: tuple[str, ...], code: str) -> bool:
    parameter = find_parameter(types, code)
    return parameter is not None and parameter.kind in KEY_COLUMNS


def _refuse(got: str, expected: str) -> SearchRefused:
    return SearchRefused(
        code="REC-206", where="_sort", got=got, expected=expected, fix="correct the order or leave it out"
    )

"""By what people who may be the same are found: keys that at least one mistake leaves as they are.

====== ======================================= =====================================================
key    of                                      finds in spite of
====== ======================================= =====================================================
n      both names, year of birth               swapped names, another script, a slip in month or day
m      both names, month and day of birth      a slip in the year
d      one name, date of birth                 a slip in, or another, family or given name (marriage)
f      given name and father's, year of birth  another family name, a slip in month or day
t      telephone                               anything else
====== ======================================= =====================================================

Day and month stand in the order of their size, so that a date with both turned round has the same key. A
national number has no key here: it is found by itself.
"""

from collections.abc import Iterator

from oncopolis.record.likeness.describing import Described, Name
from oncopolis.record.likeness.sounding import find_skeleton

__all__ = ["make_keys"]


def make_keys(described: Described) -> tuple[str, ...]:
    """Keys of a person, each once, in a stable order."""
    found = [key for name in described.names for key in _list_keys(name, described.birth)]
    return tuple(dict.fromkeys([*found, *(f"t:{phone}" for phone in sorted(described.phones))]))


def _list_keys(name: Name, birth: str) -> Iterator[str]:
    year, _, rest = birth.partition("-")
    day = "".join(sorted(rest.split("-"))) if "-" in rest else ""
    given, father = find_skeleton(name.given), find_skeleton(name.patronymic)
    for family in _list_families(name):
        both = ".".join(sorted(one for one in (family, given) if one))
        yield f"n:{both}:{year}"
        if day:
            yield f"m:{both}:{day}"
            yield f"d:{family}:{year}{day}"
    if day and given:
        yield f"d:{given}:{year}{day}"
    if father and given:
        yield f"f:{given}.{father}:{year}"


def _list_families(name: Name) -> Iterator[str]:
    if name.korean:
        yield from sorted(name.korean)
    elif name.family:
        yield find_skeleton(name.family)

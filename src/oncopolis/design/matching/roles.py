"""What spaces are that are no rooms: corridors, stairs, lifts, docks, and what is no floor at all."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from oncopolis.design.matching.words import normalise
from oncopolis.design.model import Space
from oncopolis.foundation import Frozen, load_yaml

NOT_FLOOR = ("roof", "yard", "site")
PASSED = ("corridor", "stair", "lift", "entrance")
"""Roles that people walk through."""


class Role(Frozen):
    """How a role is recognised."""

    words: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@cache
def read_roles() -> dict[str, Role]:
    """Read the packaged roles."""
    path = Path(str(files("oncopolis.design").joinpath("matching", "roles.yaml")))
    return {name: Role.model_validate(entry) for name, entry in load_yaml(path, "roles.yaml").data.items()}


@cache
def _list_words() -> dict[str, str]:
    return {normalise(word): name for name, role in read_roles().items() for word in role.words}


def find_role(space: Space, kinds: Iterable[str] = ()) -> str:
    """Return the role of a space; nothing for a room. Its code goes before its name.

    Parameters
    ----------
    space
        Space of a model.
    kinds
        Kinds of the house's own classification that it is of.
    """
    codes = [code.code for code in space.codes]
    own = {*codes, *kinds}
    name = normalise(space.long_name or space.name)
    tokens = name.split()
    known = _list_words()
    for word, role in known.items():
        if role in NOT_FLOOR and (word in tokens or (" " in word and word in name)):
            return role
    for role, entry in read_roles().items():
        if name and name in map(normalise, entry.whole):
            return role
        if any(code in own or any(one.startswith(f"{code} ") for one in codes) for code in entry.codes):
            return role
    for word, role in known.items():
        if word in tokens or (" " in word and word in name):
            return role
    return ""

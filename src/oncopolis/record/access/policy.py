"""The access policy: the table of ``policy.yaml``, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

import yaml

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.definitions import get_definitions

Right: TypeAlias = Literal["read", "search", "create", "update", "delete", "name"]
Whose: TypeAlias = Literal["any", "nobody", "clinic", "own", "carer", "consented", "research"]
Token: TypeAlias = tuple[str, str, str]
"""Search parameter, system and code; an empty code stands for every code of the system."""

RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
RELATIONS: Final[tuple[Whose, ...]] = get_args(Whose)
LAY: Final = frozenset({"patient", "carer"})
"""Roles of people to whom a diagnosis is disclosed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: who may do what with which records.

    Parameters
    ----------
    purposes
        Purposes of use it holds for; none for every purpose.
    only
        A code the record has to carry.
    """

    roles: frozenset[str]
    types: frozenset[str]
    may: frozenset[Right]
    whose: Whose
    purposes: frozenset[str] = frozenset()
    only: Token | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A type that ties its patient to a clinic or a person, by these search parameters, while it is open."""

    type: str
    open: tuple[str, ...]
    clinic: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A security label that closes a record to everybody but some roles."""

    system: str
    code: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A code that changes what others may, and who may write records that carry it; type ``*`` for all."""

    type: str
    parameter: str
    system: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """The whole table; the same only as itself, so that what follows from it can be remembered.

    Parameters
    ----------
    glass
        Roles that may break the glass.
    harmless
        Types that tell nothing of a diagnosis.
    revealing
        Systems and first characters of codes that do.
    groups
        Group -> resource types.
    acts
        Act of the live centre -> roles that may do it.
    tied
        Act -> those of these roles that may do it only for a patient who is tied to them.
    """

    rules: tuple[Rule, ...]
    glass: frozenset[str]
    ties: tuple[Tie, ...]
    labels: tuple[Label, ...]
    guarded: tuple[Guarded, ...]
    harmless: frozenset[str]
    revealing: tuple[tuple[str, str], ...]
    groups: Mapping[str, tuple[str, ...]]
    acts: Mapping[str, frozenset[str]]
    tied: Mapping[str, frozenset[str]]

    @property
    def roles(self) -> frozenset[str]:
        """Every role there is."""
        return frozenset(role for rule in self.rules for role in rule.roles)


@cache
def get_policy() -> Policy:
    """The packaged policy."""
    return read_policy((files(__package__) / "policy.yaml").read_text("utf-8"))


def read_policy(text: str) -> Policy:
    """Read a policy.

    Raises
    ------
    InputError
        It names a type, a right or a relation that does not exist (REC-240).
    """
    table = yaml.safe_load(text)
    groups = {name: tuple(types) for name, types in table["types"].items()}
    return Policy(
        rules=tuple(_read_rule(row, groups, place) for place, row in enumerate(table["rules"])),
        glass=frozenset(table["glass"]),
        ties=tuple(Tie(**{name: _to_value(value) for name, value in row.items()}) for row in table["ties"]),
        labels=tuple(Label(row["system"], row["code"], frozenset(row["roles"])) for row in table["labels"]),
        guarded=tuple(
            Guarded(row["type"], row["parameter"], row["system"], frozenset(row["roles"]))
            for row in table["guarded"]
        ),
        harmless=frozenset(table["disclosure"]["harmless"]),
        revealing=tuple((system, start) for system, start in table["disclosure"]["revealing"]),
        groups=groups,
        acts=_gather(table["acts"]),
        tied=_gather([row for row in table["acts"] if row.get("whose") == "clinic"]),
    )


def _gather(rows: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Return act -> roles of all rows that name it."""
    return {
        act: frozenset(role for row in rows if act in row["acts"] for role in row["roles"])
        for act in {act for row in rows for act in row["acts"]}
    }


def _to_value(value: str | Sequence[str]) -> Any:
    return value if isinstance(value, str) else tuple(value)


def _read_rule(row: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]], place: int) -> Rule:
    types = frozenset(type_ for name in row["types"] for type_ in groups.get(name, (name,)))
    _check(types, frozenset(get_definitions().resource_types), f"rules[{place}].types")
    _check(frozenset(row["may"]), frozenset(RIGHTS), f"rules[{place}].may")
    _check(frozenset({row["whose"]}), frozenset(RELATIONS), f"rules[{place}].whose")
    only = row.get("only")
    return Rule(
        roles=frozenset(row["roles"]),
        types=types,
        may=frozenset(row["may"]),
        whose=row["whose"],
        purposes=frozenset(row.get("purposes", ())),
        only=None if only is None else (only[0], only[1], only[2]),
    )


def _check(found: frozenset[str], known: frozenset[str], where: str) -> None:
    if not found <= known:
        raise InputError(
            code="REC-240",
            where=f"access policy, {where}",
            got=", ".join(sorted(found - known)),
            expected="what the table's head explains",
            fix="correct the row",
        )

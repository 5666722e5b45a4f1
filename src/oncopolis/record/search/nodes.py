"""What a question demands of a record, each in two forms of SQL.

``check`` is a condition on a row of ``resource``; ``drive`` is a query for the rows (``rk``) of the records
that meet it, from the index outwards, None where there is no index to come from. `finding` takes the node
with the fewest rows as the driver and checks the others.

The unary ``+`` keeps a planner from entering a table by that column: it would not know that a check is made
for one record at a time. ``IS TRUE`` keeps it from making a join of a check, which SQLite would do last,
after what is allowed has been looked up for every record.
"""

# ruff: noqa: S608 - names are of our own tables and columns, whatever was asked is bound as a value

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.access.conditions import TRUE, both, either, is_in
from oncopolis.record.search.sql import Sql, is_seen, put


class Node(Protocol):
    """One demand."""

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """The condition on the row of ``resource`` that is called `alias`."""

    def drive(self, allowed: Allowed) -> Sql | None:
        """The query for ``rk``; a record may come more than once."""

    @property
    def needs_record(self) -> bool:
        """Whether the row that is checked must be of ``resource``; else any with ``rk`` will do."""

    @property
    def walk(self) -> Sql | None:
        """The query for ``rk`` in its order, where the rows lie side by side in an index."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A row of an index table that meets a condition.

    Parameters
    ----------
    row
        The condition on a row ``i``, without its parameter.
    branches
        The same condition in parts an index can be entered by; one part if empty.
    is_range
        An index is entered by a range, so that a single record is looked up by ``rk``.
    is_one_place
        Rows that match lie side by side in an index, in the order of ``rk``.
    """

    kind: str
    numbers: tuple[int, ...]
    row: Sql
    branches: tuple[Sql, ...] = ()
    is_range: bool = False
    is_one_place: bool = False

    def check(self, alias: str, allowed: Allowed) -> Sql:  # noqa: ARG002 - the row is of the record itself
        """Whether the record has such a row."""
        parameter = is_in("+i.parameter" if self.is_range else "i.parameter", self.numbers)
        head = f"EXISTS (SELECT 1 FROM index_{self.kind} i WHERE i.rk = +{alias}.rk AND "
        return put(head + "{where}) IS TRUE", where=both((parameter, self.row)))

    def drive(self, allowed: Allowed) -> Sql | None:  # noqa: ARG002
        """Rows by the index."""
        parameter = is_in("i.parameter", self.numbers)
        parts = [
            put(f"SELECT i.rk FROM index_{self.kind} i WHERE {{where}}", where=both((parameter, branch)))
            for branch in self.branches or (self.row,)
        ]
        return _unite(parts)

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return False

    @property
    def walk(self) -> Sql | None:
        """One place of the index."""
        if not self.is_one_place or len(self.numbers) > 1:
            return None
        return self.drive(EVERYTHING)


@dataclass(frozen=True, slots=True)
class Ids:
    """The record itself, by its id."""

    types: tuple[str, ...]
    ids: tuple[str, ...]

    def check(self, alias: str, allowed: Allowed) -> Sql:  # noqa: ARG002
        """Its id, and its type too where others may come."""
        return both((is_in(f"{alias}.type", self.types), is_in(f"{alias}.id", self.ids)))

    def drive(self, allowed: Allowed) -> Sql | None:  # noqa: ARG002
        """By type and id."""
        where = both((is_in("i.type", self.types), is_in("i.id", self.ids)))
        return put("SELECT i.rk FROM resource i WHERE {where}", where=where)

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return True

    @property
    def walk(self) -> Sql | None:
        """Few enough to be sorted."""
        return None


@dataclass(frozen=True, slots=True)
class Present:
    """Any row of a parameter, in whichever tables its values become rows."""

    kinds: tuple[str, ...]
    numbers: tuple[int, ...]

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """Whether the record has one."""
        parts = (Rows(kind, self.numbers, TRUE, is_range=True).check(alias, allowed) for kind in self.kinds)
        return either(parts)

    def drive(self, allowed: Allowed) -> Sql | None:
        """All rows of the parameter."""
        parts = [Rows(kind, self.numbers, TRUE).drive(allowed) for kind in self.kinds]
        return _unite([part for part in parts if part is not None])

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return False

    @property
    def walk(self) -> Sql | None:
        """In no order."""
        return None


@dataclass(frozen=True, slots=True)
class Not:
    """A record that does not meet a demand, be it that it has no such value at all."""

    node: Node

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """The contrary."""
        return put("NOT ({node})", node=self.node.check(alias, allowed))

    def drive(self, allowed: Allowed) -> Sql | None:  # noqa: ARG002 - what is not there is in no index
        """Nothing to come from."""
        return None

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return self.node.needs_record

    @property
    def walk(self) -> Sql | None:
        """Nothing to walk along."""
        return None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One demand or another."""

    nodes: tuple[Node, ...]

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """Any of them."""
        return either(node.check(alias, allowed) for node in self.nodes)

    def drive(self, allowed: Allowed) -> Sql | None:
        """All of them, if each has an index."""
        parts = [node.drive(allowed) for node in self.nodes]
        known = [part for part in parts if part is not None]
        return _unite(known) if len(known) == len(parts) else None

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return any(node.needs_record for node in self.nodes)

    @property
    def walk(self) -> Sql | None:
        """Several places."""
        return None


@dataclass(frozen=True, slots=True)
class Chain:
    """A record that refers to one that meets a demand, and that may be seen."""

    numbers: tuple[int, ...]
    targets: tuple[str, ...]
    node: Node

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """From the record to its references."""
        to = f"{alias}t"
        return put(
            f"EXISTS (SELECT 1 FROM index_reference i JOIN resource {to} ON {to}.type = i.type "
            f"AND {to}.id = i.id WHERE i.rk = +{alias}.rk AND i.url IS NULL AND {{where}}) IS TRUE",
            where=both(
                (
                    is_in("i.parameter", self.numbers),
                    is_seen(self.targets, to, allowed),
                    self.node.check(to, allowed),
                )
            ),
        )

    def drive(self, allowed: Allowed) -> Sql | None:
        """From what is referred to."""
        inner = self.node.drive(allowed)
        if inner is None:
            return None
        return put(
            "SELECT i.rk FROM ({inner}) x CROSS JOIN resource t CROSS JOIN index_reference i "
            "WHERE t.rk = x.rk AND {seen} AND i.id = t.id AND i.type = t.type AND i.url IS NULL AND {link}",
            inner=inner,
            seen=is_seen(self.targets, "t", allowed),
            link=is_in("i.parameter", self.numbers),
        )

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return False

    @property
    def walk(self) -> Sql | None:
        """Several places."""
        return None


@dataclass(frozen=True, slots=True)
class Has:
    """A record that one refers to which meets a demand, and which may be seen.

    Parameters
    ----------
    types
        Of the record.
    sources
        Types of what refers to it.
    """

    types: tuple[str, ...]
    numbers: tuple[int, ...]
    sources: tuple[str, ...]
    node: Node

    def check(self, alias: str, allowed: Allowed) -> Sql:
        """From the record to what refers to it."""
        by = f"{alias}s"
        return put(
            f"EXISTS (SELECT 1 FROM index_reference i JOIN resource {by} ON {by}.rk = i.rk "
            f"WHERE i.id = {alias}.id AND i.type = {alias}.type AND i.url IS NULL AND {{where}}) IS TRUE",
            where=both(
                (
                    is_in("i.parameter", self.numbers),
                    is_seen(self.sources, by, allowed),
                    self.node.check(by, allowed),
                )
            ),
        )

    def drive(self, allowed: Allowed) -> Sql | None:
        """From what refers to it."""
        inner = self.node.drive(allowed)
        if inner is None:
            return None
        return put(
            "SELECT o.rk FROM ({inner}) x CROSS JOIN resource s CROSS JOIN index_reference i "
            "CROSS JOIN resource o WHERE s.rk = x.rk AND {seen} AND i.rk = s.rk AND {link} "
            "AND i.url IS NULL AND o.type = i.type AND o.id = i.id AND {types}",
            inner=inner,
            seen=is_seen(self.sources, "s", allowed),
            link=is_in("+i.parameter", self.numbers),
            types=is_in("o.type", self.types),
        )

    @property
    def needs_record(self) -> bool:
        """Whether type or id of the record are looked at."""
        return True

    @property
    def walk(self) -> Sql | None:
        """Several places."""
        return None


def _unite(parts: Sequence[Sql]) -> Sql:
    return " UNION ALL ".join(text for text, _ in parts), tuple(v for _, values in parts for v in values)

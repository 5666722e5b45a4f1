"""Chains of entities: who comes before and after whom, in columns, and the first and last of each chain."""

from typing import Any

from oncopolis.foundation.kernels.compiled import compiled

Column = Any
"""A column of `State`; each function is compiled for the columns it is called with."""


@compiled
def insert(
    after: Column, before: Column, first: Column, last: Column, chain: int, e: int, place: int
) -> None:
    """Put an entity into a chain right after another, or at its beginning where `place` is -1."""
    follower = first[chain] if place < 0 else after[place]
    before[e], after[e] = place, follower
    if place < 0:
        first[chain] = e
    else:
        after[place] = e
    if follower < 0:
        last[chain] = e
    else:
        before[follower] = e


@compiled
def remove(after: Column, before: Column, first: Column, last: Column, chain: int, e: int) -> None:
    """Take an entity out of a chain."""
    leader, follower = before[e], after[e]
    if leader < 0:
        first[chain] = follower
    else:
        after[leader] = follower
    if follower < 0:
        last[chain] = leader
    else:
        before[follower] = leader

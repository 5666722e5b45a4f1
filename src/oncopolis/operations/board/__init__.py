"""Tumour boards: their agenda, and what they decide."""

from typing import Any

from oncopolis.operations.board.acts import DECIDE_CASE, POSTPONE, PUT_ON_AGENDA, WITHDRAW
from oncopolis.operations.board.agenda import list_agenda, tell_case
from oncopolis.operations.board.views import Case
from oncopolis.operations.deciding import Act
from oncopolis.operations.views import View

ACTS: tuple[Act[Any], ...] = (PUT_ON_AGENDA, POSTPONE, WITHDRAW, DECIDE_CASE)
"""Everything that can be done at a board."""

VIEWS: tuple[type[View], ...] = (Case,)
"""Kinds of views on the floor."""

__all__ = ["ACTS", "VIEWS", "Case", "list_agenda", "tell_case"]

"""Nursing on a ward: what is due at each bed, what was measured, and what the next shift has to know."""

from typing import Any

from oncopolis.operations.deciding import Act
from oncopolis.operations.nursing.acts import (
    END_TASK,
    FINISH_TASK,
    LAY_TASKS,
    NOTE_HANDOVER,
    PLAN_TASK,
    SKIP_TASK,
)
from oncopolis.operations.nursing.indexes import Handovers, Tasks
from oncopolis.operations.nursing.measuring import DOUBT_SIGNS, NOTE_SIGNS
from oncopolis.operations.nursing.views import Handover, NursingTask
from oncopolis.operations.reacting import Reaction
from oncopolis.operations.views import View

ACTS: tuple[Act[Any], ...] = (
    PLAN_TASK, FINISH_TASK, SKIP_TASK, END_TASK, LAY_TASKS, NOTE_SIGNS, NOTE_HANDOVER,
)  # fmt: skip
"""Everything nursing does."""

VIEWS: tuple[type[View], ...] = (NursingTask, Handover)
"""Kinds of views on the floor."""

REACTIONS: tuple[Reaction, ...] = (DOUBT_SIGNS,)
"""What follows from records that others write."""

__all__ = ["ACTS", "REACTIONS", "VIEWS", "Handover", "Handovers", "NursingTask", "Tasks"]

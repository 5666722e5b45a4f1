"""Experiments with the twin: how often to run it, where, at which points, and what to make of the answers.

Nothing here knows the engine: runs come in as functions, figures as numbers by name.
"""

from oncopolis.twin.experiments.allocation import (
    Allocation,
    compute_allocation,
    compute_probability,
    spend_budget,
)
from oncopolis.twin.experiments.capacity import Capacity, Trial, Verdict, find_capacity
from oncopolis.twin.experiments.checkpoints import Checkpoint
from oncopolis.twin.experiments.designs import Design, Range, draw_hypercube, draw_saltelli
from oncopolis.twin.experiments.importance import Screened, Share, compute_sobol, screen_ranks
from oncopolis.twin.experiments.intervals import (
    Interval,
    compute_difference,
    compute_mean,
    compute_quantile,
)
from oncopolis.twin.experiments.outputs import list_outputs
from oncopolis.twin.experiments.replications import Precision, Replicated, Replication, replicate
from oncopolis.twin.experiments.running import OnProgress, Runs, run_replications
from oncopolis.twin.experiments.selection import Selection, Turn, select_best
from oncopolis.twin.experiments.warming import Warming, compute_welch, find_settling, find_warming

__all__ = [
    "Allocation",
    "Capacity",
    "Checkpoint",
    "Design",
    "Interval",
    "OnProgress",
    "Precision",
    "Range",
    "Replicated",
    "Replication",
    "Runs",
    "Screened",
    "Selection",
    "Share",
    "Trial",
    "Turn",
    "Verdict",
    "Warming",
    "compute_allocation",
    "compute_difference",
    "compute_mean",
    "compute_probability",
    "compute_quantile",
    "compute_sobol",
    "compute_welch",
    "draw_hypercube",
    "draw_saltelli",
    "find_capacity",
    "find_settling",
    "find_warming",
    "list_outputs",
    "replicate",
    "run_replications",
    "screen_ranks",
    "select_best",
    "spend_budget",
]

"""The sampled reading: the same centre and pathways as the plan, lived through day by day."""

from oncopolis.twin.beginning import Beginning, Lying, Standing
from oncopolis.twin.compiling import compile_model
from oncopolis.twin.model import Model
from oncopolis.twin.result import ResourceUse, Result, Spread, Turnout
from oncopolis.twin.simulating import simulate

__all__ = [
    "Beginning",
    "Lying",
    "Model",
    "ResourceUse",
    "Result",
    "Spread",
    "Standing",
    "Turnout",
    "compile_model",
    "simulate",
]

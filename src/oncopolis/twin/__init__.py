"""The sampled reading: the same centre and pathways as the plan, lived through day by day."""

from oncopolis.twin.result import ResourceUse, Result, Spread, Turnout

__all__ = ["ResourceUse", "Result", "Spread", "Turnout"]

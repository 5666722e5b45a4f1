"""A week of an example centre: who waits by the twin, scheduled, and told."""

from oncopolis.studies.week.scheduling import schedule_week

__all__ = ["schedule_week"]

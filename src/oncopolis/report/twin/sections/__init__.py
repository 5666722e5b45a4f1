"""The sections of a run's page, in their order."""

from collections.abc import Callable

from oncopolis.report.sheet import Section
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.sections.bottlenecks import write_bottlenecks
from oncopolis.report.twin.sections.census import write_census
from oncopolis.report.twin.sections.day import write_day
from oncopolis.report.twin.sections.limits import write_findings, write_not_modelled, write_stress
from oncopolis.report.twin.sections.process import write_process
from oncopolis.report.twin.sections.queues import write_queues
from oncopolis.report.twin.sections.targets import write_targets
from oncopolis.report.twin.sections.treatment import write_treatment
from oncopolis.report.twin.sections.turnout import write_turnout
from oncopolis.report.twin.sections.use import write_use
from oncopolis.report.twin.sections.waits import write_waits

SECTIONS: tuple[Callable[[TwinPage], Section | None], ...] = (
    write_targets,
    write_waits,
    write_treatment,
    write_bottlenecks,
    write_use,
    write_queues,
    write_census,
    write_turnout,
    write_day,
    write_process,
    write_not_modelled,
    write_findings,
    write_stress,
)
"""Writers; one returns None where the run has nothing for it."""

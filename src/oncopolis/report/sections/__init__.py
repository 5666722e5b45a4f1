"""The sections of the report, in their order."""

from collections.abc import Callable

from oncopolis.report.page import Page
from oncopolis.report.sections.biobank import write_biobank
from oncopolis.report.sections.capacity import write_capacity
from oncopolis.report.sections.checks import write_findings, write_overrides
from oncopolis.report.sections.demand import write_demand
from oncopolis.report.sections.equipment import write_equipment
from oncopolis.report.sections.holding import write_holding
from oncopolis.report.sections.money import write_money_section
from oncopolis.report.sections.space import write_space
from oncopolis.report.sections.staff import write_staff
from oncopolis.report.sections.uncertainty import write_uncertainty
from oncopolis.report.sections.workload import write_workload
from oncopolis.report.sheet import Section

SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    write_demand,
    write_workload,
    write_capacity,
    write_holding,
    write_equipment,
    write_staff,
    write_space,
    write_money_section,
    write_biobank,
    write_uncertainty,
    write_findings,
    write_overrides,
)
"""Writers; one returns None where the plan has nothing for it."""

"""Staff as plain data."""

from typing import Any

from oncopolis.planning.document.figures import FigureWriter, write_norm
from oncopolis.planning.plan import Plan
from oncopolis.planning.staff import Staffed


def write_staff(plan: Plan, writer: FigureWriter) -> list[dict[str, Any]]:
    """Roles with their hours-based and norm-based numbers side by side."""
    return [_write_role(part, plan, writer) for part in plan.calculation.phases[-1].staff.values()]


def _write_role(part: Staffed, plan: Plan, writer: FigureWriter) -> dict[str, Any]:
    role, asking = part.role, plan.calculation.asking
    fte = float(part.fte.central[0])
    salary = float(asking.ask_money(role.salary).central[0]) if role.salary else None
    source = plan.project.evidence.get_row(asking.find_key(role.salary)).source if role.salary else None
    return writer.write_line(
        f"staff.{part.id}",
        part.id,
        role.label,
        group=role.group,
        department=role.department,
        activity_fte=float(part.activity.central[0]),
        upkeep_fte=float(part.upkeep.central[0]),
        posts_fte=float(part.posts.central[0]),
        fte=fte,
        by_opening={
            phase.opening.id: float(phase.staff[part.id].fte.central[0]) if part.id in phase.staff else 0.0
            for phase in plan.calculation.phases
        },
        norms=[write_norm(norm, part.fte) for norm in part.norms],
        basis=role.staffing.basis if role.staffing else "activity",
        salary_usd=salary,
        cost_usd=None if salary is None else salary * fte,
        source=source,
    )

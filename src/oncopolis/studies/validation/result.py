"""`Validation`: all checks, as JSON and as a table."""

import json
from dataclasses import dataclass
from io import StringIO
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Literal

from oncopolis.evidence import list_sources
from oncopolis.studies.validation.check import Check

if TYPE_CHECKING:
    from rich.console import Console

LEAST_WIDTH = 140  # structure: columns that the table needs
DIGITS = 4  # structure: significant digits shown
WHOLE = 1000  # structure: from here on whole numbers are shown
NUMBERS = ("published", "ours", "inside from ... to")
STATES = {True: "inside", False: "OUTSIDE", None: "not computed"}


@dataclass(frozen=True)
class Validation:
    """What others published beside what we compute."""

    checks: tuple[Check, ...]

    @property
    def all_inside(self) -> bool:
        """Whether nothing that was computed lies outside."""
        return all(check.inside is not False for check in self.checks)

    def to_json(self) -> str:
        """Write the checks as JSON: ``{"checks": [...]}``.

        `tolerance` is the pair of ends between which a figure counts as inside; `ours` and `inside` are
        null for what cannot be computed, and `why` then gives the reason.
        """
        return json.dumps(
            {"checks": [_to_dict(check) for check in self.checks]}, indent=2, ensure_ascii=False
        )

    def to_text(self) -> str:
        """Write a table, and below it the reasons of misses and of what was not computed."""
        from rich.console import Console

        console = Console(
            file=StringIO(),
            width=max(get_terminal_size().columns, LEAST_WIDTH),
            color_system=None,
            highlight=False,
        )
        _write_table(console, self.checks)
        _write_reasons(console, "Outside", [check for check in self.checks if check.inside is False])
        _write_reasons(console, "Not computed", [check for check in self.checks if check.inside is None])
        _write_sources(console, self.checks)
        console.print(self.summary)
        assert isinstance(console.file, StringIO)
        return console.file.getvalue().rstrip()

    @property
    def summary(self) -> str:
        """One line: how many inside, outside, not computed."""
        states = [check.inside for check in self.checks]
        return ", ".join(f"{states.count(state)} {word.lower()}" for state, word in STATES.items())


def _to_dict(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "published": check.published,
        "ours": check.ours,
        "tolerance": [check.low, check.high],
        "inside": check.inside,
        "source": check.source,
        "label": check.label,
        "unit": check.unit,
        "cause": list(check.cause),
        "why": check.why,
    }


def write_number(value: float | None) -> str:
    """Write a figure as the table shows it."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:.{DIGITS}g}"


def write_band(check: Check) -> str:
    """Write the ends between which a figure counts as inside."""
    return f"{write_number(check.low)} to {write_number(check.high)}"


def _write_table(console: "Console", checks: tuple[Check, ...]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("id", "check", *NUMBERS, "unit", "", "source"):
        is_long = name == "check"
        justify: Literal["left", "right"] = "right" if name in NUMBERS else "left"
        table.add_column(name, justify=justify, no_wrap=not is_long, ratio=1 if is_long else None)
    for check in checks:
        numbers = (write_number(check.published), write_number(check.ours), write_band(check))
        table.add_row(check.id, check.label, *numbers, check.unit, STATES[check.inside], check.source_id)
    console.print(table, markup=False)


def _write_reasons(console: "Console", title: str, checks: list[Check]) -> None:
    if not checks:
        return
    console.print(title)
    for check in checks:
        causes = f". Rows: {', '.join(check.cause)}" if check.cause else ""
        console.print(f"  {check.id}: {check.why}{causes}.", markup=False)
    console.print()


def _write_sources(console: "Console", checks: tuple[Check, ...]) -> None:
    console.print("Sources")
    works = list_sources()
    for source in sorted({check.source_id for check in checks} & works.keys()):
        console.print(f"  {source}: {works[source].citation}", markup=False)
    console.print()

"""What changed between two plans, and because of which inputs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oncopolis.foundation import InputError
from oncopolis.foundation.located import read_text
from oncopolis.planning import SCHEMA

PLAN_FILE = "plan.json"
SAME = 1e-9  # structure: relative difference that is rounding
MOST_ROWS = 20  # structure: figures below the headlines that are listed


def compare_plans(path_a: Path, path_b: Path) -> str:
    """Return changed inputs and changed figures of two plans as text.

    Parameters
    ----------
    path_a, path_b
        ``plan.json``, or the folder that holds it.

    Raises
    ------
    InputError
        If a file is no plan of the form this version writes.
    """
    a, b = read_plan(path_a), read_plan(path_b)
    lines = [f"A: {a['project']['name']} ({path_a})", f"B: {b['project']['name']} ({path_b})", ""]
    inputs = list(list_changed_inputs(a, b))
    lines += ["Changed inputs", *(inputs or ["  none"]), ""]
    figures = list(list_changed_figures(a, b))
    lines += ["Changed figures", *(figures or ["  none"])]
    return "\n".join(lines)


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan document."""
    file = path / PLAN_FILE if path.is_dir() else path
    try:
        document = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise _no_plan(f"{file}:{error.lineno}", error.msg) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else type(document).__name__
        raise _no_plan(str(file), f"schema {found!r}")
    return document


def _no_plan(where: str, got: str) -> InputError:
    return InputError(
        code="STU-002",
        where=where,
        got=got,
        expected=f"a plan with schema {SCHEMA!r}",
        fix="write it with `oncopolis plan PROJECT --out DIR`",
    )


def list_changed_inputs(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """Yield settings of the project and evidence rows that differ."""
    for key in ("country", "practice", "currency", "first", "last", "openings"):
        if a["project"].get(key) != b["project"].get(key):
            yield f"  project {key}: {_short(a['project'].get(key))} -> {_short(b['project'].get(key))}"
    for key in sorted({*a["settings"]["set"], *b["settings"]["set"]}):
        before, after = a["settings"]["set"].get(key), b["settings"]["set"].get(key)
        if before != after:
            yield f"  --set {key}: {before or 'not set'} -> {after or 'not set'}"
    for key in ("draws", "seed"):
        if a["settings"][key] != b["settings"][key]:
            yield f"  {key}: {a['settings'][key]} -> {b['settings'][key]}"
    rows_a, rows_b = a["evidence_used"], b["evidence_used"]
    for key in sorted({*rows_a, *rows_b}):
        if key not in rows_a or key not in rows_b:
            yield f"  evidence {key}: {'only in B' if key in rows_b else 'only in A'}"
        elif changed := [
            name for name in ("value", "low", "high", "source") if rows_a[key][name] != rows_b[key][name]
        ]:
            parts = ", ".join(f"{name} {rows_a[key][name]} -> {rows_b[key][name]}" for name in changed)
            yield f"  evidence {key} ({rows_b[key]['label']}): {parts}"


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def list_changed_figures(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """Yield headlines that differ, then the other figures by how much they moved."""
    figures_a, figures_b = a["figures"], b["figures"]
    headlines = list(dict.fromkeys([*a["headlines"], *b["headlines"]]))
    for key in headlines:
        if (change := _find_change(figures_a.get(key), figures_b.get(key))) is not None:
            yield _write_change(key, figures_a.get(key), figures_b.get(key), change)
    others = {
        key: _find_change(figures_a.get(key), figures_b.get(key))
        for key in {*figures_a, *figures_b} - set(headlines)
    }
    moved = sorted(
        (key for key, change in others.items() if change is not None),
        key=lambda key: (-abs(others[key] or 0), key),
    )
    for key in moved[:MOST_ROWS]:
        yield _write_change(key, figures_a.get(key), figures_b.get(key), others[key] or 0.0)
    if len(moved) > MOST_ROWS:
        yield f"  and {len(moved) - MOST_ROWS} further figures"


def _find_change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> float | None:
    """Relative change of a figure; None if it did not change."""
    old, new = (0.0 if figure is None else float(figure["value"]) for figure in (before, after))
    scale = max(abs(old), abs(new))
    if scale == 0 or abs(new - old) <= SAME * scale:
        return None
    return (new - old) / abs(old) if old else float("inf")


def _write_change(
    key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, change: float
) -> str:
    shown = after or before or {}
    old, new = ("-" if figure is None else f"{figure['value']:,.6g}" for figure in (before, after))
    percent = "new" if change == float("inf") else f"{change:+.1%}"
    return f"  {shown['label']} [{key}]: {old} -> {new} {shown['unit']} ({percent})"

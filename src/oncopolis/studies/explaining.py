"""The tree behind one figure: formula, figures below it, coefficients with their sources."""

from collections.abc import Iterator
from difflib import get_close_matches

from oncopolis.evidence import Row, list_sources
from oncopolis.foundation import NotFoundError
from oncopolis.planning import Plan
from oncopolis.planning.document.figures import FigureWriter
from oncopolis.planning.quantity import Quantity, write_formula

DEEPEST = 12  # structure: levels of the tree; no figure of a plan lies deeper
MOST_STEPS = 15  # structure: pathway steps listed under one figure


def find_figure(plan: Plan, name: str) -> str:
    """Return the key that a name stands for: a key, the end of one, or words of a label.

    Raises
    ------
    NotFoundError
        If nothing fits; names what comes near.
    """
    figures = plan.calculation.ledger.figures
    if name in figures:
        return name
    words = name.casefold().replace("_", " ").split()
    ordered = [*plan.headlines, *figures]
    texts = {key: figures[key].label.casefold() for key in ordered}
    fitting = (
        *(key for key in ordered if _is_end(key, words)),
        *(key for key in ordered if texts[key] == " ".join(words)),
        *(key for key in ordered if all(word in texts[key].split() for word in words)),
    )
    if fitting:
        return fitting[0]
    labels = {figures[key].label.casefold(): key for key in ordered}
    near = [labels[label] for label in get_close_matches(" ".join(words), labels)]
    near += get_close_matches(name, figures)
    raise NotFoundError(
        code="STU-001",
        where="explain",
        got=repr(name),
        expected="a figure of the plan" + (f", such as {', '.join(dict.fromkeys(near))}" if near else ""),
        fix="list them with `oncopolis explain PROJECT --list`",
    )


def _is_end(key: str, words: list[str]) -> bool:
    return key.rpartition(".")[2] in ("_".join(words), "_".join(words).removesuffix("s")) and key.startswith(
        ("resource.", "staff.")
    )


def write_tree(plan: Plan, key: str) -> str:
    """Write the tree of a figure as indented text."""
    return "\n".join(_Tree(plan).list_lines(plan.calculation.ledger.figures[key], 0))


class _Tree:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.writer = FigureWriter(plan)
        self.seen: set[str] = set()

    def list_lines(self, figure: Quantity, depth: int) -> Iterator[str]:
        """Yield the lines of a figure and of what is below it."""
        indent = "  " * depth
        year = f" in {self.writer.year}" if len(figure.central) > 1 else ""
        value = _write_number(self.writer.pick(figure))
        yield f"{indent}{figure.label} [{figure.key}] = {value} {figure.unit}{year}"
        if figure.key in self.seen:
            yield f"{indent}  (explained above)"
            return
        self.seen.add(figure.key)
        yield f"{indent}  = {write_formula(figure)}"
        yield from self._list_steps(figure, indent)
        if depth < DEEPEST:
            for parent in self.writer.ledger.list_inputs(figure):
                if parent.row is not None:
                    yield f"{indent}  {self._write_row(parent.key, parent.row)}"
                else:
                    yield from self.list_lines(parent, depth + 1)

    def _list_steps(self, figure: Quantity, indent: str) -> Iterator[str]:
        if figure.details is None:
            return
        steps = list(figure.details())
        for step in steps[:MOST_STEPS]:
            yield f"{indent}  - {step.text} = {_write_number(step.value)} {figure.unit}"
            for key in step.evidence:
                if key not in self.seen:
                    self.seen.add(key)
                    yield f"{indent}      {self._write_row(key, self.plan.project.evidence.get_row(key))}"
        rest = steps[MOST_STEPS:]
        if rest:
            value = sum(step.value for step in rest)
            yield f"{indent}  - {len(rest)} further steps = {_write_number(value)} {figure.unit}"

    def _write_row(self, key: str, row: Row) -> str:
        """One coefficient with range, denominator and source."""
        span = f" ({row.low:g} to {row.high:g})" if row.is_ranged else ""
        per = f" per {row.per.replace('_', ' ')}" if row.per else ""
        source = list_sources().get(row.source)
        cited = (
            f"{source.authors}, {source.year}"
            if source and source.year
            else source.authors
            if source
            else row.source
        )
        where = f", {row.locator}" if row.locator else ""
        signed = f"; signed by {', '.join(row.signed_by)}" if row.signed_by else ""
        mark = "" if row.is_verified else "; unverified"
        standing = f"({row.status}{mark}{signed})"
        return f"* {row.label} [{key}] = {row.value:g}{span} {row.unit}{per}: {cited}{where} {standing}"


def _write_number(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 1 and float(value).is_integer()
        else f"{value:,.4g}"
        if abs(value) < 1
        else f"{value:,.2f}"
    )

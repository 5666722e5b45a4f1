"""`StepExplainer`: workload figures that can be taken apart by site and step."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, partial

from oncopolis.centre import BoundActivity, Project
from oncopolis.planning.coefficients import CENTRAL, Array
from oncopolis.planning.quantity import Detail, Ledger, Quantity
from oncopolis.planning.tally import Amounts, Trace


def expect(values: Array, text: str) -> Quantity:
    """An expectation over pathways whose steps are not listed."""
    return Quantity(values, text, details=list)


class StepExplainer:
    """Names workload figures and can take them apart by site and step."""

    def __init__(self, project: Project, ledger: Ledger, traces: Sequence[Trace], amounts: Amounts) -> None:
        self.project, self.ledger, self.traces, self.amounts = project, ledger, traces, amounts
        self._rows: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}

    def name(self, key: str, label: str, unit: str, values: Array) -> Quantity:
        """Name a sum over pathways; its lines are made when somebody asks."""
        quantity = Quantity(values, "expectation over pathways", self._list_causes())
        quantity.details = lambda: self._list_details(key)
        return self.ledger.name(key, label, unit, quantity)

    def _list_causes(self) -> tuple[Quantity, ...]:
        cause = self.ledger.figures.get("demand.new_cases")
        flows = [self.ledger.figures[f"demand.flows.{key}"] for key in self.project.centre.flows]
        return (*((cause,) if cause else ()), *flows)

    @cached_property
    def _lines(self) -> dict[str, list[tuple[float, Trace, float]]]:
        """Figure -> (contribution in the reference year, trace, amount of one occurrence)."""
        year = self.ledger.find_year(self.project.centre.reference_year)
        known: dict[int, list[tuple[str, float]]] = {}
        lines: dict[str, list[tuple[float, Trace, float]]] = defaultdict(list)
        for trace in self.traces:
            activity = trace.activity
            if id(activity) not in known:
                known[id(activity)] = list(self._list_amounts(activity))
            count = float(trace.count[year])
            if count > 0:
                for key, each in known[id(activity)]:
                    lines[key].append((count * each, trace, each))
        return lines

    def _list_amounts(self, activity: BoundActivity) -> Iterator[tuple[str, float]]:
        """Figures one occurrence adds to, and how much; central values."""
        yield f"activity.{activity.id}", 1.0
        if activity.contact:
            yield "workload.contacts", 1.0
        for kind, found in (
            ("measure", self.amounts.list_counts),
            ("hours", self.amounts.list_hours),
            ("cost", self.amounts.list_costs),
        ):
            for name, amount in found(activity):
                yield f"{kind}.{name}", float(amount[CENTRAL])

    def _list_details(self, key: str) -> list[Detail]:
        year = self.ledger.find_year(self.project.centre.reference_year)
        lines = sorted(self._lines[key], key=lambda line: -line[0])
        return [
            Detail(value, "", self._find_rows(trace), partial(_write_line, trace, each, year))
            for value, trace, each in lines
        ]

    def _find_rows(self, trace: Trace) -> tuple[str, ...]:
        """Rows behind a step and what is done there."""
        place = (id(trace.activity), trace.evidence)
        if place not in self._rows:
            self._rows[place] = tuple(dict.fromkeys((*trace.evidence, *_list_keys(trace.activity))))
        return self._rows[place]


def _write_line(trace: Trace, each: float, year: int) -> str:
    people, count = float(trace.people[year]), float(trace.count[year])
    who = ", ".join(
        part
        for part in (trace.site.replace("_", " "), f"stage {trace.stage.upper()}" if trace.stage else "")
        if part
    )
    times = count / people if people else 0.0
    done = f"{people:,.0f} people x {times:,.2f} {trace.activity.id} x {each:,.3g}"
    return f"{who or 'flow'}: {trace.pathway} / {trace.stop}: {done}"


def _list_keys(activity: BoundActivity) -> Iterator[str]:
    """Evidence behind one occurrence."""
    for phase in activity.phases:
        for coefficient in (phase.duration, *(n for _, n in phase.hold)):
            if isinstance(coefficient, str):
                yield coefficient
    for _, n in (*activity.counts, *activity.costs):
        if isinstance(n, str):
            yield n

"""Which coefficients matter to a figure of the twin: a Latin hypercube first, Sobol indices for the dozen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from oncopolis.centre import Project
from oncopolis.foundation import InputError
from oncopolis.studies.figures import get_figure
from oncopolis.studies.preparing import Prepared, Say, prepare
from oncopolis.studies.sampling import Sampler, choose_period
from oncopolis.studies.scenarios import prepare_scenario
from oncopolis.twin.experiments import (
    Design,
    Range,
    Screened,
    Share,
    compute_sobol,
    draw_hypercube,
    draw_saltelli,
    list_outputs,
    run_replications,
    screen_ranks,
)

DOZEN = 12  # structure: the inputs that Sobol indices are estimated for
FREE = 3  # structure: points beyond the inputs, else no freedom is left to the ranks


@dataclass(frozen=True)
class Sensitivity:
    """What a figure depends on."""

    name: str
    """Of the centre."""
    output: str
    days: int
    seed: int
    ranks: tuple[Screened, ...]
    """The strongest partial rank correlation first."""
    points: int
    """Points of the Latin hypercube."""
    shares: tuple[Share, ...]
    """The largest total Sobol index first; empty if none were asked for."""
    base_points: int
    lowest: float
    """Least value of the figure over the hypercube."""
    highest: float
    labels: Mapping[str, str]
    """Input -> what it is called."""
    not_modelled: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "project": self.name,
            "output": self.output,
            "days": self.days,
            "seed": self.seed,
            "points": self.points,
            "lowest": self.lowest,
            "highest": self.highest,
            "ranks": [{**asdict(line), "label": self.labels[line.key]} for line in self.ranks],
            "base_points": self.base_points,
            "sobol": [
                {
                    "key": line.key,
                    "label": self.labels[line.key],
                    **{
                        kind: {"value": found.value, "low": found.low, "high": found.high}
                        for kind, found in (("first", line.first), ("total", line.total))
                    },
                }
                for line in self.shares
            ],
            "not_modelled": list(self.not_modelled),
        }


def find_sensitivity(
    folder: Path,
    output: str,
    inputs: Sequence[str],
    *,
    points: int = 50,  # structure: a first look at a dozen inputs
    sobol: int = 0,
    days: int = 365,  # structure: a year
    workers: int = 1,
    seed: int = 1,
    settings: Mapping[str, str] | None = None,
    on_progress: Say | None = None,
) -> Sensitivity:
    """Vary coefficients within their ranges together and see how a figure of the twin moves with each.

    What the definition leaves to the plan is planned once, by central values. All points share their
    random numbers, so that what differs comes from the inputs.

    Parameters
    ----------
    folder
        Project folder.
    output
        Figure, as `list_outputs` names it.
    inputs
        Patterns of evidence keys (``radiotherapy.*``); those with a range are varied.
    points
        Points of the Latin hypercube; at least inputs + 3.
    sobol
        Base points of the Sobol indices, a power of 2; 0 leaves them out. It takes so many runs for each of
        the dozen inputs ranked first, and twice more.
    days, seed
        Of each run.
    workers
        Processes of this machine; the results are the same.
    settings
        ``KEY=VALUE`` that hold at all points.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    InputError
        TWN-068 if no input fits a pattern or there are too few points, TWN-069 if the figure is not there.
    OncopolisError
        With everything that is wrong with the project.
    KeyboardInterrupt
        Stopped.
    """
    say = on_progress or (lambda what, share: None)
    base = prepare(folder, settings or {}, say)
    ranges = _find_ranges(base.project, inputs, settings or {})
    if points < len(ranges) + FREE:
        raise InputError(
            code="TWN-068",
            where="--points",
            got=f"{points} points for {len(ranges)} inputs",
            expected=f"at least {len(ranges) + FREE}",
            fix="ask for more points, or name fewer inputs",
        )
    figure = Figure(folder, base, output, dict(settings or {}), days, seed)
    design = draw_hypercube(ranges, points, seed)
    parts = 2 if sobol else 1
    values = figure.live(design, workers, say, 0, parts)
    ranks = screen_ranks(design, values)
    shares: tuple[Share, ...] = ()
    if sobol:
        first = {line.key for line in ranks[:DOZEN]}
        second = draw_saltelli([each for each in ranges if each.key in first], sobol, seed)
        shares = compute_sobol(second, figure.live(second, workers, say, 1, parts), seed=seed)
    rows = base.project.evidence.rows
    return Sensitivity(
        name=base.project.centre.name,
        output=output,
        days=days,
        seed=seed,
        ranks=ranks,
        points=points,
        shares=shares,
        base_points=sobol,
        lowest=min(values),
        highest=max(values),
        labels={each.key: rows[each.key].label for each in ranges},
        not_modelled=figure.not_modelled,
    )


class Figure:
    """A figure of the twin as a function of a point.

    Parameters
    ----------
    folder, base
        The project, and what was planned for it.
    output
        Name of the figure.
    settings, days, seed
        As in `find_sensitivity`.
    """

    def __init__(
        self, folder: Path, base: Prepared, output: str, settings: dict[str, str], days: int, seed: int
    ) -> None:
        self.folder, self.base, self.output, self.settings = folder, base, output, settings
        self.period, self.seed = choose_period(base, days=days), seed
        result = Sampler(base.equipped, base.intake, self.period, seed)(0).result
        self.not_modelled = result.not_modelled
        get_figure(list_outputs(result), output, "--of")

    def live(self, design: Design, workers: int, say: Say, part: int, parts: int) -> list[float]:
        """Return the figure at every point."""

        def tell(done: int, of: int) -> None:
            say(f"{done} of {of} points", (part + done / of) / parts)

        def run_one(number: int) -> float:
            return self.compute(design.get_point(number))

        runs = run_replications(run_one, len(design.points), workers=workers, on_progress=tell)
        if not runs.complete:
            raise KeyboardInterrupt
        return list(runs.results)

    def compute(self, point: Mapping[str, float]) -> float:
        """Return the figure at one point; 0 where nothing of the kind happened."""
        settings = self.settings | {key: repr(value) for key, value in point.items()}
        each = prepare_scenario(self.folder, settings, self.base)
        result = Sampler(each.equipped, each.intake, self.period, self.seed)(0).result
        return list_outputs(result).get(self.output, 0.0)


def _find_ranges(project: Project, patterns: Sequence[str], settings: Mapping[str, str]) -> list[Range]:
    rows = project.evidence.rows
    found = {
        key: Range.from_row(row, key)
        for key, row in rows.items()
        if key not in settings
        and row.lowest < row.highest
        and any(fnmatchcase(key, pattern) for pattern in patterns)
    }
    idle = [pattern for pattern in patterns if not any(fnmatchcase(key, pattern) for key in found)]
    if idle or not found:
        raise InputError(
            code="TWN-068",
            where="--input",
            got=", ".join(idle) or "no pattern",
            expected="keys, or patterns of keys, of evidence with a range (`low` and `high`)",
            fix="list keys with `oncopolis evidence`, or state a range in the row",
        )
    return list(found.values())

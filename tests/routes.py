"""Routes written down stop by stop, without a project around them."""

from collections.abc import Sequence
from typing import Any

from oncopolis.centre.pathway import Interval
from oncopolis.centre.route import OUT, BoundActivity, BoundPhase, BoundTask, Cadence, Exit, Route, Stop
from oncopolis.evidence import Evidence, Row
from oncopolis.planning.coefficients import Coefficients


def make_coefficients(
    n_draws: int = 0, seed: int = 1, /, **values: float | tuple[float, float, float]
) -> Coefficients:
    """Coefficients by key: a value, or low, value, high."""
    rows = {}
    for key, value in values.items():
        low, middle, high = value if isinstance(value, tuple) else (None, value, None)
        rows[key] = Row(
            label=key.replace("_", " "),
            value=middle,
            low=low,
            high=high,
            unit="day" if key.startswith("days") else "ratio",
            source="test",
            status="published",
            opened=True,
        )
    return Coefficients(Evidence(rows), n_draws, seed)


def make_stop(name: str, exits: Sequence[tuple[int, str | None]] = (), **more: Any) -> Stop:
    """A stop; `exits` name index and share, `skip_to` where those go for whom it is not done."""
    fields: dict[str, Any] = {
        "id": name,
        "label": name,
        "path": (),
        "setting": "outpatient",
        "modality": None,
        "tasks": (),
        "after": Interval(earliest_days=more.pop("after_days", 0)),
        "cadence": None,
        "sets": frozenset(),
        "share": None,
        "has": frozenset(),
        "lacks": frozenset(),
        "within": (),
        "skip_to": OUT,
        "exits": tuple(Exit(to, part) for to, part in exits) or (Exit(OUT, None),),
    }
    return Stop(**(fields | more))


def make_stay(key: str) -> BoundTask:
    """A task that takes `key` days."""
    activity = BoundActivity("stay", "wards", True, (BoundPhase("stay", key, ()),), (), (), None)
    return BoundTask(activity, 1, None)


def make_cadence(n: int | str, every_days: int = 1, *, workdays: bool = False) -> Cadence:
    return Cadence(n, every_days, workdays)


def make_route(
    *stops: Stop, survival: str = "none", lasts: str = "steps", hazard: str | None = None
) -> Route:
    return Route(
        pathway="way",
        label="Way",
        site="",
        stage="",
        stops=stops,
        entries={stop.id: i for i, stop in enumerate(stops)},
        episodes=(),
        survival=survival,
        hazard=hazard,
        lasts=lasts,
    )

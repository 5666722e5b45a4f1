"""`dive`: rosters in which most nurses work the row that has a large share in the best mixture of rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.scheduling.rosters.mixing import Mixed, Mixture
from oncopolis.scheduling.rosters.relaxing import Relaxation, Row
from oncopolis.scheduling.rosters.span import Span

_MOST_MIXED = 60  # structure: times that rows are looked for before any is fixed, found by trying
_SMOOTH = 0.5  # structure: share of the best prices in those that rows are looked for with, found by trying
_EVERY = 4  # structure: rounds after which those of the mixture are looked for with
_CLOSE = 0.5  # structure: cost by which the mixture may be above the bound
_ROUNDS = 3  # structure: times that rows are looked for after some were fixed, found by trying
_CLEAR = 0.7  # structure: share from which on a row is fixed, found by trying
_TINY = 1e-6  # structure: rounding of reals


@dataclass(frozen=True)
class Start:
    """A roster to begin with.

    Parameters
    ----------
    fixed
        Rows that were fixed, of different nurses.
    likely
        Rows with the largest share, of the other nurses.
    """

    fixed: tuple[Row, ...]
    likely: tuple[Row, ...]


def mix_rows(relaxation: Relaxation, span: Span) -> Mixture | None:
    """Return a mixture that no row betters by much; None if that takes too long."""
    mixture = Mixture(relaxation)
    for number in range(_MOST_MIXED):
        mixed = mixture.mix(span)
        if mixed is None:
            return None
        if mixed.cost - relaxation.bound < _CLOSE:
            break
        prices = _SMOOTH * relaxation.prices + (1 - _SMOOTH) * mixed.prices
        found = sum([mixture.add(row) for row in relaxation.try_prices(prices)[0]])
        if not found or number % _EVERY == _EVERY - 1:
            found += sum([mixture.add(row) for row in relaxation.try_prices(mixed.prices)[0]])
        if not found:
            break
    return mixture


def dive(relaxation: Relaxation, mixture: Mixture, rises: tuple[float, ...], span: Span) -> list[Start]:
    """Fix rows, those with the largest shares first, and look for new ones that go with them.

    Returns
    -------
    list
        The last roster before the cost of the mixture has risen by each of some shares.
    """
    fixed: dict[int, Row] = {}
    first: float | None = None
    starts: list[Start] = []
    last: Start | None = None
    left = list(rises)
    while left and (mixed := _mix_on(relaxation, mixture, fixed, span)) is not None:
        first = mixed.cost if first is None else first
        if last is not None and mixed.cost > first * (1 + left[0]):
            starts.append(last)
            left = [rise for rise in left if mixed.cost <= first * (1 + rise)]
        likely = _find_likely(mixed, fixed)
        last = Start(tuple(fixed.values()), tuple(likely.values()))
        if not likely:
            break
        for place, (nurse, row) in enumerate(likely.items()):
            if place == 0 or mixed.shares[row] > _CLEAR:
                mixture.fix(row)
                fixed[nurse] = row
    return [*starts, last] if last is not None and left else starts


def _find_likely(mixed: Mixed, fixed: Mapping[int, Row]) -> dict[int, Row]:
    """Return the row with the largest share of each nurse without a fixed one, the largest first."""
    likely: dict[int, Row] = {}
    for row in sorted(mixed.shares, key=lambda row: (-mixed.shares[row], row.nurse, row.shifts)):
        if row.nurse not in fixed:
            likely.setdefault(row.nurse, row)
    return likely


def _mix_on(relaxation: Relaxation, mixture: Mixture, fixed: Mapping[int, Row], span: Span) -> Mixed | None:
    """Return the mixture with some rows fixed, and with new ones for the other nurses."""
    free = [nurse for nurse in range(len(relaxation.group_of)) if nurse not in fixed]
    for _ in range(_ROUNDS):
        mixed = mixture.mix(span)
        if mixed is None:
            return None
        found = relaxation.find_rows(mixed.prices, free)
        better = [row for row in found if row.paid < mixed.paid[row.nurse] - _TINY]
        if not sum([mixture.add(row) for row in better]):
            return mixed
    return mixture.mix(span)

"""What there is, in counts only: cells that few donors stand behind are not told."""

from dataclasses import dataclass

from oncopolis.biobank.consents.scopes import Scope, to_bits
from oncopolis.foundation import InputError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.criteria import Criteria

FEWEST_DONORS = 10  # structure: default of a setting: below this a cell could tell of somebody
_LEAST = 3  # structure: fewer than this would hide nobody


@dataclass(frozen=True, slots=True)
class Cell:
    """How much there is of something; None: of fewer donors than may be told."""

    kind: str
    site: str
    sex: str
    n_specimens: int | None
    n_donors: int | None


def list_cells(
    books: Books, criteria: Criteria, scopes: tuple[Scope, ...], fewest: int = FEWEST_DONORS
) -> list[Cell]:
    """What could be given out for these scopes, by type, site and sex.

    There are no totals, from which what is hidden could be computed, and the limits per donor do not count.
    """
    if fewest < _LEAST:
        raise InputError(
            code="BIO-060", where="catalogue", got=f"cells of {fewest} donors", expected=f"at least {_LEAST}",
            fix="ask with a larger limit",
        )  # fmt: skip
    return [
        Cell(kind, site, sex, *((n, n_donors) if n_donors >= fewest else (None, None)))
        for kind, site, sex, n, n_donors in books.count_cells(criteria, to_bits(scopes))
    ]

"""`Biobank`: donors, aliquots, tanks, so that a number of tanks is explained and not copied."""

from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import Count, Identifier, PositiveCount, PositiveShare, Rate, Share
from oncopolis.foundation import Frozen


class Biobank(Frozen):
    """How the collection grows and what holds it."""

    department: Identifier
    """Department it belongs to."""
    source: str
    """What donors come from, as in `Driver.per` (``measure.operations``)."""
    eligible: Share
    """Share of the source with tissue left over once diagnosis is served."""
    consent: Share
    """Share of eligible patients who consent."""
    tissues: Count
    """Frozen tissues kept per donor."""
    vials: PositiveCount
    """Vials (aliquots) a tissue is divided into."""
    discarded: Rate
    """Share of the stock that leaves each year by release, withdrawal or failed quality; 1/year."""
    tank_vials: PositiveCount
    """Vials one tank holds by its maker's count."""
    fill: PositiveShare
    """Share of the places that is used in practice."""
    evacuation_tanks: Annotated[int, Field(ge=0)] = 1
    """Tanks kept empty and cold for the contents of one that fails."""
    stock_tissues: Count | None = None
    """Tissues already stored when the plan begins."""
    tanks: Annotated[int, Field(ge=0)] | None = None
    """Tanks that are given (26, say); the plan then says in which year they are full."""
    target_tissues: Count | None = None
    """Stated capacity in tissues, beside what the tanks hold by calculation."""
    horizon_years: Annotated[int, Field(ge=1)]
    """Years of collection the tanks must take when their number is planned."""

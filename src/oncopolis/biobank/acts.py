"""Everything that can be done in the biobank, by name."""

from typing import Any, Final

from oncopolis.biobank.consents import agreeing
from oncopolis.biobank.deciding import Act
from oncopolis.biobank.importing import bringing
from oncopolis.biobank.quality import auditing, improving
from oncopolis.biobank.requests import asked, destroying, exporting, paying, releasing, shipping
from oncopolis.biobank.specimens import accessioning, collecting, dividing
from oncopolis.biobank.storage import arranging, evacuating, placing
from oncopolis.biobank.watching import acts as watching
from oncopolis.biobank.watching import filing, reopening, rooms, rota, upkeep
from oncopolis.foundation import NotFoundError

ACTS: Final[dict[str, Act[Any]]] = {
    act.name: act
    for act in (
        *arranging.ACTS,
        *placing.ACTS,
        *evacuating.ACTS,
        *collecting.ACTS,
        *dividing.ACTS,
        *accessioning.ACTS,
        *bringing.ACTS,
        *agreeing.ACTS,
        *asked.ACTS,
        *releasing.ACTS,
        *shipping.ACTS,
        *exporting.ACTS,
        *paying.ACTS,
        *destroying.ACTS,
        *watching.ACTS,
        *rota.ACTS,
        *rooms.ACTS,
        *upkeep.ACTS,
        *reopening.ACTS,
        *improving.ACTS,
        *auditing.ACTS,
    )
}

ASIDE: Final = frozenset({filing.ACT})
"""What the access policy names and no `Act` decides: readings are written in a transaction of their own."""


def get_act(name: str) -> Act[Any]:
    """The act of a name; `NotFoundError` BIO-029."""
    if name not in ACTS:
        raise NotFoundError(
            code="BIO-029", where=f"act {name:.64}", got="no such act", expected=", ".join(ACTS),
            fix="correct the name",
        )  # fmt: skip
    return ACTS[name]

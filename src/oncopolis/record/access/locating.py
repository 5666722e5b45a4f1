"""Where the data of a centre stand: what it says of itself, held against the law of its country."""

from oncopolis.foundation.errors import InputError
from oncopolis.record.access.law import find_law


def tell_location(country: str, said: str | None) -> str | None:
    """A line about where the data have to stand and do; None where the law asks for nothing.

    Parameters
    ----------
    country
        Of the centre, by its ISO 3166 code.
    said
        Country in which the database and its copies stand, by its code of two letters; None: nothing is said.

    Raises
    ------
    InputError
        They stand elsewhere than the law of the country asks (REC-253).
    """
    law = find_law(country)
    demand = None if law is None else law.location
    if demand is None or demand.value is None:
        return None if said is None else f"data in {said}"
    told = f"{demand.law} [{demand.seen}]"
    if said is None:
        return f"data have to stay in {demand.value} ({told}); `location` in access.yaml says where they are"
    if said != demand.value:
        raise InputError(
            code="REC-253",
            where="access.yaml, location",
            got=said,
            expected=f"{demand.value} ({told})",
            fix="keep the database and its copies there",
        )
    return f"data in {said}, as {told} asks"

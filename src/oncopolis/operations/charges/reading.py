"""What the record says of charges: of a day, without a price, on no claim yet; and drafts of claims."""

from collections.abc import Iterable, Iterator
from datetime import date

from oncopolis.operations.charges.views import Charge, ChargeState
from oncopolis.operations.elements import find_extended
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import Reading


def read_day(day: date, reading: Reading) -> list[Charge]:
    """Return the charges of a day in the order in which they came."""
    return sorted(_read(day.isoformat(), reading), key=lambda one: (one.at_ms, one.id))


def read_state(state: ChargeState, reading: Reading) -> list[Charge]:
    """Return the charges in a state, the oldest first."""
    found = (one for one in _read(state, reading) if one.state == state)
    return sorted(found, key=lambda one: (one.at_ms, one.id))


def _read(code: str, reading: Reading) -> Iterator[Charge]:
    for version in reading.list_with_code("ChargeItem", "code", (code,)):
        record = find_resource(version)
        if record is not None and Charge.is_mine(record):
            yield Charge.from_record(record)


def read_claims(payer: str, reading: Reading) -> list[Record]:
    """Return the drafts of claims to a payer; to all if none is named."""
    found: Iterable[Record | None] = map(find_resource, reading.list_with_code("Claim", "status", ("draft",)))
    own = [one for one in found if one is not None and find_extended(one, "payer")]
    return sorted(
        (one for one in own if payer in ("", find_extended(one, "payer"))), key=lambda one: str(one["id"])
    )

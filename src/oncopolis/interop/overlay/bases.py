"""What a partner stated last of a record."""

from collections.abc import Mapping
from typing import Any

from oncopolis.interop.overlay.masters import get_source, is_from
from oncopolis.record import Version
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Transaction

__all__ = ["find_base"]


def find_base(transaction: Transaction, version: Version, partner: str) -> Mapping[str, Any]:
    """Return the newest version up to ``version`` that a partner made, {} for none.

    A version with the source of the one before it is not the partner's: whoever wrote it copied that on.
    """
    current = parse(version.body or b"")
    for number in range(version.version - 1, -1, -1):
        earlier = transaction.read_version(version.type, version.id, number) if number else None
        before = parse(earlier.body) if earlier and earlier.body else {}
        source = get_source(current)
        if is_from(source, partner) and source != get_source(before):
            return current
        current = before
    return {}

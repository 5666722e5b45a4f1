"""``GET Specimen/$miabis``: samples and their donors by the profiles of MIABIS on FHIR, page by page."""

import asyncio
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from oncopolis.foundation import ForbiddenError
from oncopolis.interop.miabis.listing import list_of_sample, list_samples
from oncopolis.interop.miabis.telling import to_donor
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts.scopes import is_covered
from oncopolis.record.biobank.books import Books
from oncopolis.record.fhir.text import to_text
from oncopolis.record.store import Store
from oncopolis.web.fhir.bundles import Out, make_bundle
from oncopolis.web.fhir.exchange import Answer, Asked, answer_bundle
from oncopolis.web.fhir.queries import read_count, read_pairs
from oncopolis.web.fhir.refusing import RequestError, show

PARAMETERS: Final = frozenset({"_count", "_after"})
_NEEDED: Final = "bank_select"
"""Whoever may choose specimens for a request may see which there are."""
_PROGRAM: Final = "program"
_SCOPE: Final = "system/Specimen.rs"
_DIGITS = 18  # structure: of the largest number of a row


async def show_samples(store: Store, asked: Asked) -> Answer:
    """Tell research material in the house whose donors agree to research now, by number of the specimen."""
    _check_may(asked)
    pairs = dict(read_pairs(asked.query))
    after = pairs.get("_after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) <= _DIGITS):
        raise RequestError(
            code="REC-228", where="_after", got=show(after), expected="as in the link to the next page",
            fix="follow that link",
        )  # fmt: skip
    count = read_count(pairs)
    records, last = await asyncio.to_thread(
        store.ask, lambda reading: _list(Books(reading.session), int(after), count)
    )
    base = f"{asked.base}/Specimen/$miabis"
    links = [("self", f"{base}?{urlencode({'_count': count, '_after': after})}")]
    if last is not None:
        links.append(("next", f"{base}?{urlencode({'_count': count, '_after': last})}"))
    await store.note_here(asked.act("R", "miabis"), ())
    out = (
        Out(to_text(one), {"fullUrl": f"urn:oncopolis:{one['resourceType']}/{one['id']}"}) for one in records
    )
    return answer_bundle(make_bundle("collection", out, links=links))


def _list(books: Books, after: int, count: int) -> tuple[list[dict[str, Any]], int | None]:
    """The records of a page, and the number of its last specimen if there may be more."""
    page = list(islice(list_samples(books, after), count))
    donors = {one.donor.id: to_donor(one.donor) for one in page}
    samples = [
        record
        for one in page
        for record in list_of_sample(books, one, one.one.collection or None, with_events=False)
    ]
    return [*donors.values(), *samples], page[-1].one.id if len(page) == count else None


def _check_may(asked: Asked) -> None:
    caller = asked.caller
    if caller is None:
        return
    is_program = _PROGRAM in caller.roles and is_covered(_SCOPE, caller.scopes or ())
    is_scope = (
        caller.scopes is None
        or is_covered(_SCOPE, caller.scopes)
        or is_covered("user/Specimen.rs", caller.scopes)
    )
    if not (is_program or (caller.roles & get_policy().acts[_NEEDED] and is_scope)):
        raise ForbiddenError(
            code="REC-229", where="Specimen/$miabis", got="a caller without that right",
            expected="a role of the biobank, or a program with scopes for Specimen",
            fix="ask the administrator",
        )  # fmt: skip

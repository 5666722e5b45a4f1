"""Charges: the lines of a day with their totals, what nobody has priced, and the claims to each payer."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from starlette.responses import Response

from oncopolis.operations.charges import Charge, read_claims, read_day, read_state, to_csv
from oncopolis.web.live.boards import read_day as read_day_of
from oncopolis.web.live.charge_words import STATES
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

PATH, FILE = "/live/charges", "/live/charges/claims.csv"
_MOST = 300  # structure: lines of one page


class Total(NamedTuple):
    """Sums of a payer on a day."""

    n: int
    net: Decimal
    patient_part: Decimal

    @property
    def payer_part(self) -> Decimal:
        """What the payer pays."""
        return self.net - self.patient_part


def sum_up(charges: list[Charge]) -> dict[str, Total]:
    """Return the sums of each payer; lines without a price are in none."""
    totals: defaultdict[str, Total] = defaultdict(lambda: Total(0, Decimal(0), Decimal(0)))
    for one in charges:
        if one.price is not None:
            n, net, patient_part = totals[one.payer]
            totals[one.payer] = Total(n + 1, net + one.net, patient_part + one.patient_part)
    return dict(totals)


def show_charges(station: Station, visit: Visit) -> Response:
    """The charges of a day."""
    today = station.house.to_local(station.now_ms).date()
    day = read_day_of(visit.query.get("day", ""), today)
    ask = station.live.store.ask
    charges, unpriced = ask(partial(read_day, day)), ask(partial(read_state, "unpriced"))
    claims = ask(partial(read_claims, ""))
    words, tariffs = find_words(visit.language), station.house.tariffs
    shown = charges[:_MOST]
    named = {one.patient for one in (*shown, *unpriced[:_MOST])}
    drafts: defaultdict[str, int] = defaultdict(int)
    for claim in claims:
        drafts[str(claim["extension"][0]["valueString"])] += 1
    return show(
        station, visit, "charges.html", topics=["charge"], on=day, before=day - timedelta(days=1),
        after=day + timedelta(days=1), charges=shown, n_more=len(charges) - len(shown),
        totals=sum_up(charges), unpriced=unpriced[:_MOST], n_unpriced=len(unpriced), payers=tariffs.payers,
        drafts=drafts,
        currency=tariffs.currency, is_used=tariffs.is_used, digits=tariffs.digits, today=today,
        states={key: words.text(one) for key, one in STATES.items()},
        activity=Names(station.house, words).activity,
        people=station.people.find_names(named, visit.language),
        listed=sort_by_name(tariffs.payers.items()),
    )  # fmt: skip


def give_claims(station: Station, visit: Visit) -> Response:
    """Give the lines of the drafted claims to a payer as CSV, with an entry in the audit."""
    payer = visit.query.get("payer", "")
    claims = station.live.store.ask(partial(read_claims, payer))
    patients = {one["patient"]["reference"].removeprefix("Patient/") for one in claims}
    station.views.note(visit, patients, station.now_ms)
    headers = {
        "Content-Disposition": "attachment; filename=claims.csv",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response("\ufeff" + to_csv(claims), HTTPStatus.OK, headers, "text/csv; charset=utf-8")

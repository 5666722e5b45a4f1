"""Cases of a demonstration: diagnoses with stages, one of them shared with a partner; and prices."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from oncopolis.operations import House, Live, make_wish
from oncopolis.operations.board.views import Case
from oncopolis.operations.courses.deciders import BOARD
from oncopolis.operations.house import Tariff, Tariffs
from oncopolis.operations.sharing import Share
from oncopolis.operations.sharing.partners import make_membership
from oncopolis.record import Act, Who
from oncopolis.web.demo.marking import TAG

_WHO: Final = Who("system", "demonstration", "Oncopolis")
_PRICE_PER_MIN: Final = Decimal(1000)  # structure: invented, in the currency for tests
_SHARE: Final = Decimal("0.1")  # structure: invented
_DAYS, _FOUND, _STAGED = 30, 9, 4  # structure: invented: days a consent lasts, since the diagnosis, the stage
_FIRST: Final = date(2020, 1, 1)  # structure: before any demonstration
_PEOPLE: Final = (
    (
        "Namuna-Yusupova",
        "Nilufar",
        "1968-03-11",
        "C50.9",
        "C50.4",
        "8500/3",
        "left",
        ("2", "1", "0", "IIB", "G2"),
    ),
    (
        "Namuna-Tsoy",
        "Viktor",
        "1959-11-02",
        "C34.9",
        "C34.1",
        "8140/3",
        "right",
        ("3", "2", "0", "IIIB", "G3"),
    ),
    ("Namuna-Ergashev", "Botir", "1972-07-25", "C18.7", "C18.7", "8140/3", "", ("3", "0", "0", "IIA", "G2")),
)
"""Family and given name, birth, ICD-10, topography, morphology, side; T, N, M, group, grade. Invented."""
_SITE: Final = "breast"
_QUESTION: Final = "Systemic treatment first, or operate?"
_PARTNER: Final = "Partner centre (invented)"


def price(house: House) -> House:
    """Return a house with invented prices in ISO 4217's currency for tests; one that has tariffs as it is."""
    return house if house.tariffs.is_used else replace(house, given_tariffs=make_tariffs(house))


def make_tariffs(house: House) -> Tariffs:
    """Return invented prices of everything a patient comes for."""
    payer = "insurance"
    cards = [card for card in house.cards.values() if card.is_contact]
    found = {
        (card.id, payer): (
            Tariff(
                code=f"T{place:03}", activity=card.id, payer=payer, price=_PRICE_PER_MIN * card.minutes,
                patient_share=_SHARE, valid_from=_FIRST,
            ),
        )
        for place, card in enumerate(sorted(cards, key=lambda one: one.id), start=1)
    }  # fmt: skip
    return Tariffs("XTS", 0, {payer: "Insurance (invented)"}, payer, frozenset(), found)


def show_cases(live: Live, practitioner: str) -> None:
    """Record invented cases, unless they are there already; without a board none is shared."""
    if live.ask(lambda floor: any(floor.list(Share))):
        return
    house = live.house
    cases = [_record(live, person, practitioner) for person in _PEOPLE]
    patient, today = cases[0]
    boards = [card.id for card in house.cards.values() if not card.is_contact]
    if not boards:
        return
    board = BOARD if BOARD in boards else boards[0]
    routes = sorted(house.network.routes.values(), key=lambda one: one.site != _SITE)
    pathway = routes[0]
    course = _do(
        live, "start_course", patient=patient, pathway=pathway.pathway, site=pathway.site or "",
        stage=pathway.stage or "", by=practitioner,
    )["course"]  # fmt: skip
    day = next(one for one in (today + timedelta(days=n) for n in range(1, _DAYS)) if house.is_workday(one))
    _do(live, "put_on_agenda", course=course, board=board, day=day, question=_QUESTION, by=practitioner)
    case = live.ask(lambda floor: next(one for one in floor.list(Case) if one.course == course))
    partner = _do(live, "add_partner", name=_PARTNER, country="KR", language="ko")["partner"]
    # Whoever looks at a demonstration is a member of the partner, too.
    member = make_membership(practitioner, partner, is_active=True) | {"meta": {"tag": [TAG]}}
    audited = Act("C", "add_partner", _WHO, "oncopolis serve --demo")
    live.store.submit(lambda transaction: transaction.put(member), audited).result()
    _do(
        live, "share_case", case=case.id, partner=partner, scopes=("diagnosis", "procedures", "results"),
        until=today + timedelta(days=_DAYS), agreed_by="patient", by=practitioner,
    )  # fmt: skip


def _record(live: Live, person: tuple[Any, ...], practitioner: str) -> tuple[str, date]:
    """Register somebody with a diagnosis and its stage; their id, and the day it is."""
    family, given, birth, icd10, topography, morphology, side, (t, n, m, group, grade) = person
    names = [{"family": family, "given": [given]}]
    made = _do(live, "register", names=names, birth_date=birth)
    patient, today = str(made["patient"]), live.house.to_local(made["at_ms"]).date()
    found = today - timedelta(days=_FOUND)
    diagnosis = _do(
        live, "record_diagnosis", patient=patient, icd10=icd10, topography=topography, morphology=morphology,
        side=side, day=found, basis="7", by=practitioner,
    )["diagnosis"]  # fmt: skip
    _do(
        live, "stage_tumour", diagnosis=diagnosis, classified="c", edition="uicc-8", t=t, n=n, m=m,
        group=group, grade=grade, source="board", day=today - timedelta(days=_STAGED), by=practitioner,
    )  # fmt: skip
    return patient, today


def _do(live: Live, act: str, /, **said: Any) -> dict[str, Any]:
    audited = Act("E", act, _WHO, "oncopolis serve --demo")
    return live.perform(make_wish(act, said, audited)).result()

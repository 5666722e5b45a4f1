"""Cases of a demonstration: diagnoses with stages; and prices."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from oncopolis.operations import House, Live, make_wish
from oncopolis.operations.house import Tariff, Tariffs
from oncopolis.record import Act, Who

HOUSE: Final = Who("system", "demonstration", "Oncopolis")
_PRICE_PER_MIN: Final = Decimal(1000)  # structure: invented, in the currency for tests
_SHARE: Final = Decimal("0.1")  # structure: invented
_FOUND, _STAGED = 9, 4  # structure: invented: days since the diagnosis, and the stage
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


def record_cases(live: Live, practitioner: str) -> list[tuple[str, date]]:
    """Register everybody with a diagnosis and its stage; their ids, and the day it is."""
    return [_record(live, person, practitioner) for person in _PEOPLE]


def _record(live: Live, person: tuple[Any, ...], practitioner: str) -> tuple[str, date]:
    family, given, birth, icd10, topography, morphology, side, (t, n, m, group, grade) = person
    names = [{"family": family, "given": [given]}]
    made = do(live, "register", names=names, birth_date=birth)
    patient, today = str(made["patient"]), live.house.to_local(made["at_ms"]).date()
    found = today - timedelta(days=_FOUND)
    diagnosis = do(
        live, "record_diagnosis", patient=patient, icd10=icd10, topography=topography, morphology=morphology,
        side=side, day=found, basis="7", by=practitioner,
    )["diagnosis"]  # fmt: skip
    do(
        live, "stage_tumour", diagnosis=diagnosis, classified="c", edition="uicc-8", t=t, n=n, m=m,
        group=group, grade=grade, source="board", day=today - timedelta(days=_STAGED), by=practitioner,
    )  # fmt: skip
    return patient, today


def do(live: Live, act: str, /, who: Who = HOUSE, **said: Any) -> dict[str, Any]:
    """Do an act of a demonstration, as itself if nobody is named."""
    return live.perform(make_wish(act, said, Act("E", act, who, "oncopolis serve --demo"))).result()

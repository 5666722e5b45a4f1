"""The rota of the tanks of a demonstration: an alarm calls somebody, as where it is at work."""

from typing import Final

from oncopolis.biobank import Bank
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR
from oncopolis.operations import House
from oncopolis.record import Act, Who
from oncopolis.record.biobank.watching import list_duties
from oncopolis.record.store import Store

SHIFT_MS: Final = 12 * MS_PER_HOUR  # structure: a day and a night
N_SHIFTS: Final = 14  # structure: of a week
STAND_BY_DAYS: Final = 30  # structure: of who is called when those on duty do not come
_BEGINS_MS: Final = 8 * MS_PER_HOUR  # structure: after midnight
_BY_TURNS: Final = ("Namuna-Karimova, Dilnoza", "Namuna-Ismailov, Jasur")
_BEHIND: Final = ((1, "Namuna-Lee, Minji"), (2, "Namuna-Petrov, Andrei"))
"""Rung and name of who is called next. Invented."""
_ADDRESS: Final = "tel:+000-00-{n:02}"
"""A number that nobody can have."""


def put_on_duty(store: Store, house: House, now_ms: int) -> None:
    """Put invented people on duty for the days to come, if nobody is; by shifts those who come first."""
    bank = Bank(store)
    if bank.ask(lambda books: list_duties(books.session, now_ms)):
        return
    begin_ms = house.to_ms(house.to_local(now_ms).date()) + _BEGINS_MS
    if begin_ms > now_ms:
        begin_ms -= SHIFT_MS
    shifts = range(begin_ms, begin_ms + N_SHIFTS * SHIFT_MS, SHIFT_MS)
    turns = [
        (0, _BY_TURNS[i % len(_BY_TURNS)], at_ms, at_ms + SHIFT_MS)
        for i, at_ms in enumerate(shifts)
        if at_ms + SHIFT_MS > now_ms
    ]
    standing = [(rung, name, begin_ms, now_ms + STAND_BY_DAYS * MS_PER_DAY) for rung, name in _BEHIND]
    names = sorted({name for _, name, *_ in (*turns, *standing)})
    audited = Act("C", "bank_duty", Who("system", "demonstration", "demonstration"), "demo")
    for rung, name, from_ms, until_ms in (*turns, *standing):
        n = names.index(name) + 1
        said = {
            "person": f"Practitioner/demo-{n}", "name": name, "address": _ADDRESS.format(n=n), "rung": rung,
            "from_ms": from_ms, "until_ms": until_ms,
        }  # fmt: skip
        bank.perform("bank_duty", said, audited).result()

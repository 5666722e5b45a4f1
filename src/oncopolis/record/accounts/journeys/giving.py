"""Reception gives a patient, or a carer, the link of their page, and takes it back."""

from dataclasses import dataclass
from secrets import randbelow

from oncopolis.foundation.errors import InputError, NotFoundError
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.journeys import rows, tokens
from oncopolis.record.accounts.journeys.errors import JourneyRefused
from oncopolis.record.accounts.journeys.patients import find_birth_date
from oncopolis.record.accounts.journeys.rows import Journey
from oncopolis.record.accounts.journeys.standing import may_act
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.tokens import digest
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who

_DAY_MS = 86_400_000  # structure: milliseconds of a day
FIRST_MS = 6 * _DAY_MS  # structure: default of a setting; shorter than a key is known after it has signed
UNTIL_MS = 180 * _DAY_MS  # structure: default of a setting: half a year, then another link is given
_CODES = 1_000_000  # structure: of six digits; with five tries, one guess in 200,000


@dataclass(frozen=True, slots=True)
class Given:
    """What reception hands out, shown once.

    Parameters
    ----------
    text
        Of the link.
    code
        What is said or handed over apart from it; empty where the date of birth is asked for.
    """

    journey: Journey
    text: str
    code: str


def give(
    desk: Desk,
    keyring: Keyring,
    patient: str,
    who: Who,
    *,
    carer: str | None,
    is_by_code: bool,
    language: str,
) -> Given:
    """Make a link; earlier ones of the same person end.

    Raises
    ------
    NotFoundError
        There is no such patient.
    InputError
        The date of birth is to be asked for and not known to the day.
    JourneyRefused
        The patient has not let the carer act for them.
    """
    born = find_birth_date(desk, patient)
    if born is None:
        raise NotFoundError(
            code="REC-338", where="journey", got=f"Patient/{patient:.64}", expected="a patient who is there",
            fix="look the patient up again",
        )  # fmt: skip
    if not born and not is_by_code:
        raise InputError(
            code="REC-339", where="journey", got="a date of birth that is not known to the day",
            expected="a code", fix="give the link with a code",
        )  # fmt: skip
    now_ms = desk.clock_ms()
    id_ = tokens.make_number()
    code = str(_CODES + randbelow(_CODES))[1:] if is_by_code else ""
    one = Journey(
        id_, patient, carer, language, digest_code(id_, code) if code else None,
        now_ms, now_ms + FIRST_MS, now_ms + UNTIL_MS,
    )  # fmt: skip
    text = tokens.sign(keyring, tokens.Claimed(id_, one.first_ms))

    def command(session: Session, at_ms: int) -> None:
        if carer is not None and not may_act(session, patient, carer, at_ms):
            raise JourneyRefused("withdrawn")
        rows.end_of(session, patient, carer, at_ms)
        rows.add(session, one)
        rows.remove_old(session, at_ms - UNTIL_MS)

    desk.do(command, who, f"journey {id_} given to {_name(one)}")
    return Given(one, text, code)


def take_back(desk: Desk, id_: str, who: Who) -> bool:
    """End a link; whether it was still good."""
    return desk.do(
        lambda session, now_ms: rows.end(session, id_, now_ms) is not None,
        who,
        f"journey {id_:.64} taken back",
    )


def digest_code(id_: str, code: str) -> str:
    """Return what is stored of a code."""
    return digest(f"journey {id_} {code}")


def _name(one: Journey) -> str:
    return f"RelatedPerson/{one.carer} for Patient/{one.patient}" if one.carer else f"Patient/{one.patient}"

"""The pages about one patient, for whoever may open them."""

from typing import Final, NamedTuple

from oncopolis.foundation.marking import mark
from oncopolis.record.accounts import Account
from oncopolis.web.live.doing import may
from oncopolis.web.live.sections import OF_DIAGNOSES, OF_SUMMARIES, TO_CONSENT, TO_PEOPLE, WITH_PAGES

PERSON: Final = "/live/people/{}"
OTHERS: Final = (
    (f"{PERSON}/diagnoses", mark("Diagnoses"), OF_DIAGNOSES),
    (f"{PERSON}/summaries", mark("Stays and discharge summaries"), OF_SUMMARIES),
    ("/live/journeys/{}", mark("Page on the phone"), WITH_PAGES),
    ("/live/biobank/consents?donor={}", mark("Consent to research"), TO_CONSENT[:1]),
)
"""Address, what it is called, and acts of whoever may open it."""


class Dossier(NamedTuple):
    """Where somebody may read about a patient.

    Parameters
    ----------
    person
        The patient's page; empty for whom it is not.
    others
        Address and name of other pages.
    """

    person: str
    others: list[tuple[str, str]]


def find_dossier(account: Account, patient: str) -> Dossier:
    """Return what an account may open about a patient."""

    def is_open(acts: tuple[str, ...]) -> bool:
        return any(may(account, act) for act in acts)

    return Dossier(
        PERSON.format(patient) if is_open(TO_PEOPLE) else "",
        [(path.format(patient), label) for path, label, acts in OTHERS if is_open(acts)],
    )

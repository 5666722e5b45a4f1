"""A tele-tumour-board of a demonstration: two invented cases with a partner centre, one of them answered."""

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from oncopolis.operations import Live
from oncopolis.operations.board.views import Case
from oncopolis.operations.courses.deciders import BOARD
from oncopolis.operations.sharing import Share
from oncopolis.record import Who
from oncopolis.record.accounts import Account, rows
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.managing import add_account, make_link
from oncopolis.web.demo.cases import HOUSE, do, record_cases
from oncopolis.web.demo.sentences import PARTNER, TALKS, Talk

LOGIN: Final = "partner"
"""Account of a demonstration that sees shared cases alone."""
_MEMBER: Final = "Namuna-Lee, Jiwoo"
_DAYS: Final = 30  # structure: invented: days a consent lasts


def share_cases(live: Live, desk: Desk, practitioner: str) -> None:
    """Record invented cases and share some, unless that was done; without a board none is shared."""
    if live.ask(lambda floor: any(floor.list(Share))):
        return
    patients = record_cases(live, practitioner)
    boards = [card.id for card in live.house.cards.values() if not card.is_contact]
    if not boards:
        return
    board = BOARD if BOARD in boards else boards[0]
    partner = do(live, "add_partner", name=PARTNER, country="KR", language="ko")["partner"]
    member = do(live, "invite_partner", partner=partner, name=_MEMBER)["practitioner"]
    draft = Account("", LOGIN, _MEMBER, frozenset({"partner"}), practitioner=member, language="ko")
    add_account(desk, draft, HOUSE)
    here = Who("Practitioner", practitioner, "Demonstration")
    for (patient, today), talk in zip(patients, TALKS, strict=False):
        until = today + timedelta(days=_DAYS)
        case = _put_on_agenda(live, patient, today, board, talk, here)
        share = do(
            live, "share_case", here, case=case, partner=partner, until=until, agreed_by="patient",
            scopes=("diagnosis", "procedures", "results"),
        )["share"]  # fmt: skip
        _write(live, share, talk, here, Who("Practitioner", member, _MEMBER))


def _put_on_agenda(live: Live, patient: str, today: date, board: str, talk: Talk, here: Who) -> str:
    """Start a course, and have it discussed on the next working day; the case."""
    house = live.house
    pathway = min(house.network.routes.values(), key=lambda one: (one.site != talk.site, one.pathway))
    course = do(
        live, "start_course", here, patient=patient, pathway=pathway.pathway, site=pathway.site or "",
        stage=pathway.stage or "",
    )["course"]  # fmt: skip
    day = next(one for one in (today + timedelta(days=n) for n in range(1, _DAYS)) if house.is_workday(one))
    do(live, "put_on_agenda", here, course=course, board=board, day=day, question=talk.question)
    return str(live.ask(lambda floor: next(one.id for one in floor.list(Case) if one.course == course)))


def _write(live: Live, share: str, talk: Talk, here: Who, there: Who) -> None:
    said: Any = {"share": share}
    do(live, "comment_case", there, **said, text=talk.asked)
    if talk.remark:
        do(live, "remark_on_case", here, **said, text=talk.remark)
    if talk.opinion:
        do(live, "give_opinion", there, **said, text=talk.opinion, is_signed=True)


def make_partner_link(desk: Desk) -> str | None:
    """Return the path of a link by which whoever shows a demonstration becomes the partner's member."""
    account = desk.ask(partial(rows.find_login, login=LOGIN))
    return None if account is None else f"/login/link/{make_link(desk, account, HOUSE)}"

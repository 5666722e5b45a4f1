"""Cases shared with partner centres, as staff see them: consents, members, remarks and opinions."""

from dataclasses import dataclass, replace
from functools import partial

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.operations.board.views import Case
from oncopolis.operations.diagnoses import read_records
from oncopolis.operations.sharing import (
    Opinion,
    Remark,
    Share,
    read_members,
    read_opinions,
    read_partners,
    read_remarks,
    read_shares,
)
from oncopolis.operations.sharing.partners import get_language
from oncopolis.operations.views import Record
from oncopolis.record.access.deciding import Rights
from oncopolis.record.accounts import Account
from oncopolis.record.accounts.managing import add_account, change_account, make_link
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.practitioners import list_deciders, name_practitioners
from oncopolis.web.live.sharing_words import SCOPES
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import NAMES, find_words, go

PATH, PARTNERS = "/live/cases/{id}/share", "/live/partners"
ROLE = "partner"
"""Role of an account that sees nothing but shared cases."""
_DAYS = 30  # structure: how long a consent is proposed to last


@dataclass(frozen=True, slots=True)
class Shared:
    """A consent with what was written about its case."""

    share: Share
    remarks: list[Remark]


def show_share(station: Station, visit: Visit) -> Response:
    """With whom a case is shared, and the form to share it."""
    case = station.live.ask(lambda floor: floor.get(Case, visit.parts["id"]))
    ask = station.live.store.ask
    rights = Rights(to_caller(visit.account), "read", station.now_ms)
    shares = ask(partial(read_shares, case.id, case.patient))
    shared = [Shared(one, ask(partial(read_remarks, one.id))) for one in shares]
    opinions = ask(partial(read_opinions, case.id))
    partners = {one["id"]: str(one.get("name", one["id"])) for one in ask(read_partners)}
    documents = ask(partial(read_records, case.patient, "DocumentReference"), rights)
    words, today = find_words(visit.language), station.house.to_local(station.now_ms).date()
    return show(
        station, visit, "share.html", topics=["share", "remark", "opinion"], patients=[case.patient],
        case=case,
        name=station.people.find_name(case.patient, visit.language), shared=shared, opinions=opinions,
        partners=partners, scopes=[(key, words.text(one)) for key, one in SCOPES.items()],
        scope_names={key: words.text(one) for key, one in SCOPES.items()}, today=today,
        until=today.fromordinal(today.toordinal() + _DAYS), deciders=list_deciders(station, visit),
        documents=[(one["id"], name_document(one)) for one in documents if is_file(one)],
        called=name_writers(station, visit, [one for each in shared for one in each.remarks], opinions),
    )  # fmt: skip


def name_writers(
    station: Station, visit: Visit, remarks: list[Remark], opinions: list[Opinion]
) -> dict[str, str]:
    """Return what those who wrote something are called."""
    writers = [*(one.by for one in remarks), *(one.by for one in opinions)]
    ids = {one.removeprefix("Practitioner/") for one in writers}
    return {f"Practitioner/{key}": one for key, one in name_practitioners(station, ids, visit.language)}


def is_file(record: Record) -> bool:
    """Whether a document can be opened here."""
    return any(one.get("attachment", {}).get("data") for one in record.get("content", ()))


def name_document(record: Record) -> str:
    """Return what a document is called."""
    titles = (one.get("attachment", {}).get("title") for one in record.get("content", ()))
    return next((str(one) for one in titles if one), str(record["id"]))


def show_partners(station: Station, visit: Visit, link: str = "", whom: str = "") -> Response:
    """Partner centres and their members; a link that was just made is shown once."""
    ask = station.live.store.ask
    partners = [
        (one, [(member["id"], member["name"][0]["text"]) for member in ask(partial(read_members, one["id"]))])
        for one in ask(read_partners)
    ]
    return show(
        station, visit, "partners.html", topics=(), partners=partners, link=link, whom=whom,
        languages=list(NAMES.items()), language_of={one["id"]: get_language(one) for one, _ in partners},
    )  # fmt: skip


def take_invitation(station: Station, visit: Visit) -> Response:
    """Make a member of a partner with an account that sees shared cases alone, and their one-time link."""
    form, desk = visit.form, visit.house.desk
    id_ = visit.parts["id"]
    try:
        partner = next(one for one in station.live.store.ask(read_partners) if one["id"] == id_)
        login, name = form.get("login", ""), form.get("name", "")
        draft = Account("", login, name, frozenset({ROLE}), language=get_language(partner))
        account = add_account(desk, draft, visit.account.who)
        said = {"partner": id_, "name": name}
        member = perform_said(station, visit, "invite_partner", said, form.get("key", ""))
        account = bind(station, visit, account, member["practitioner"])
    except StopIteration:
        return go(add_query(PARTNERS, told="OPS-471"))
    except OncopolisError as error:
        return go(add_query(PARTNERS, told=error.code))
    secret = make_link(desk, account, visit.account.who)
    return show_partners(station, visit, f"{station.login.base}/login/link/{secret}", account.name)


def bind(station: Station, visit: Visit, account: Account, practitioner: str) -> Account:
    """Let an account be the one of a practitioner."""
    return change_account(station.login.desk, replace(account, practitioner=practitioner), visit.account.who)

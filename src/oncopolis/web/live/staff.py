"""Staff: which account is which practitioner, with the posts, departments, clinics and rights they have."""

from dataclasses import dataclass, replace

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.operations.courses.indexes import Posts
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.floor import Floor
from oncopolis.operations.house.naming import make_id
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import Account, rows
from oncopolis.record.accounts.managing import change_account, get_account
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.practitioners import list_practitioners, name_practitioners
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

STAFF = "/live/staff"


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the posts of its practitioner."""

    account: Account
    posts: tuple[Post, ...]

    @property
    def roles(self) -> list[str]:
        """Roles of the definition they hold posts of."""
        return [post.role for post in self.posts]

    @property
    def places(self) -> frozenset[str]:
        """Locations their posts name."""
        return frozenset(place for post in self.posts for place in post.places)


def _read(station: Station, accounts: list[Account]) -> list[Person]:
    def look(floor: Floor) -> list[Person]:
        posts = floor.index(Posts)
        return [Person(one, tuple(posts.list_of(one.practitioner or ""))) for one in accounts]

    return station.live.ask(look)


def show_staff(station: Station, visit: Visit) -> Response:
    """All accounts, with what they are in the centre."""
    accounts = visit.house.desk.ask(rows.list_accounts)
    people = _read(station, [one for one in accounts if not one.patients])
    held = [one.account.practitioner for one in people if one.account.practitioner]
    return show(
        station, visit, "staff.html", topics=["post"], people=people,
        called=dict(name_practitioners(station, held, visit.language)),
        role_names=dict(_list_roles(station, visit)),
    )  # fmt: skip


def _list_roles(station: Station, visit: Visit) -> list[tuple[str, str]]:
    words, resources = find_words(visit.language), station.house.centre.resources
    return sort_by_name((key, words.label(one.label)) for key, one in resources.items() if one.kind == "role")


def show_member(station: Station, visit: Visit) -> Response:
    """One account, and the form for what it is."""
    account = get_account(visit.house.desk, visit.parts["id"])
    [person] = _read(station, [account])
    names = Names(station.house, find_words(visit.language))
    departments = station.house.centre.departments
    return show(
        station, visit, "member.html", topics=(), person=person, account=account,
        practitioners=list_practitioners(station, account.practitioner or "", visit.language),
        roles=_list_roles(station, visit),
        areas=sort_by_name((key, names.area(key)) for key in departments),
        own={key for key in departments if make_id("department", key) in person.places},
        clinics=_list_clinics(station), rights=sorted(get_policy().roles | account.roles),
    )  # fmt: skip


def _list_clinics(station: Station) -> list[tuple[str, str]]:
    versions = station.live.store.list_current("Organization")
    records = [one for version in versions if (one := find_resource(version)) is not None]
    return sort_by_name((one["id"], str(one.get("name", one["id"]))) for one in records)


def take_member(station: Station, visit: Visit) -> Response:
    """Let somebody be what the form says: the posts first, then the rights of the account."""
    desk, form = visit.house.desk, visit.form
    try:
        account = get_account(desk, visit.parts["id"])
        practitioner = form.get("practitioner", "").strip() or account.practitioner
        roles, areas = (
            [name.removeprefix(start) for name in sorted(form) if name.startswith(start)]
            for start in ("post-", "area-")
        )
        if practitioner or roles:
            practitioner = practitioner or account.id
            said = {"practitioner": practitioner, "name": account.name, "roles": roles, "areas": areas}
            perform_said(station, visit, "hold_posts", said, form.get("key", ""))
        changed = replace(
            account, practitioner=practitioner, roles=frozenset(form.get("role", "").split()),
            clinics=frozenset(form.get("clinic", "").split()),
        )  # fmt: skip
        if changed != account:
            change_account(desk, changed, visit.account.who)
    except OncopolisError as error:
        return go(add_query(f"{STAFF}/{visit.parts['id']}", told=error.code))
    return go(add_query(STAFF, done="hold_posts"))

"""Screens of the centre: call boards, kiosks and walls, by a link that an administrator makes and can end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args
from uuid import uuid4

from oncopolis.foundation import ForbiddenError
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.record import Who
from oncopolis.record.accounts import Desk, Grant, program_rows, tokens
from oncopolis.record.store.session import Session
from oncopolis.web.live.sections import IN_COMMAND, IN_QUEUES
from oncopolis.web.live.showing import is_for
from oncopolis.web.login.visits import Visit

Kind: TypeAlias = Literal["board", "kiosk", "wall"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CAMPUS: Final = "campus"
"""Instead of a department, for a wall."""
LOOKERS: Final[Mapping[Kind, tuple[str, ...]]] = {"board": IN_QUEUES, "kiosk": IN_QUEUES, "wall": IN_COMMAND}
"""Acts of those who may look at a screen's page without its link."""
COOKIE: Final = "screen"
LIFE_DAYS: Final = 366  # structure: default of a setting, a year
"""How long a link is good."""
SCOPE: Final = "display/"
"""How the scope of a screen's grant begins; it opens nothing else."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen.

    Parameters
    ----------
    id
        Of its grant, by which it is ended.
    languages
        What it is written in, the main one first.
    """

    id: str
    name: str
    kind: Kind
    area: str
    languages: tuple[str, ...]

    @property
    def who(self) -> Who:
        """As the audit names it."""
        return Who("Device", self.id, self.name)


def make_link(desk: Desk, kind: Kind, area: str, languages: Iterable[str], name: str, who: Who) -> str:
    """Return the secret of a new screen; it is not shown again."""
    secret, now_ms = tokens.make_secret(), desk.clock_ms()
    until_ms = now_ms + LIFE_DAYS * MS_PER_DAY
    grant = Grant(str(uuid4()), name, None, None, (f"{SCOPE}{kind}",), made_ms=now_ms, until_ms=until_ms)
    payload = {"kind": kind, "area": area, "languages": list(languages), "name": name}

    def command(session: Session, _now_ms: int) -> None:
        program_rows.add_grant(session, grant)
        tokens.keep(session, secret, "screen", grant.id, payload, until_ms)

    desk.do(command, who, f"screen {grant.id} made: {kind} of {area}")
    return secret


def find_screen(desk: Desk, secret: str) -> Screen | None:
    """Return the screen of a link that has not ended."""

    def look(session: Session) -> Screen | None:
        kept = tokens.find(session, secret, "screen")
        grant = program_rows.find_grant(session, kept.owner) if kept else None
        if kept is None or grant is None or not grant.is_good(desk.clock_ms()):
            return None
        said = kept.payload
        return Screen(grant.id, said["name"], said["kind"], said["area"], tuple(said["languages"]))

    return desk.ask(look)


def list_screens(desk: Desk) -> list[Grant]:
    """Return the grants of all screens that may be used."""
    grants = desk.ask(lambda session: program_rows.list_grants(session, None, desk.clock_ms()))
    return [grant for grant in grants if grant.scopes and grant.scopes[0].startswith(SCOPE)]


def admit(visit: Visit, kind: Kind, area: str) -> Screen:
    """Return the screen that asks; somebody of the staff may look, too.

    Raises
    ------
    ForbiddenError
        Neither of them (WEB-005).
    """
    secret = visit.get_cookie(COOKIE)
    screen = find_screen(visit.house.desk, secret) if secret else None
    if screen is not None and (screen.kind, screen.area) == (kind, area):
        return screen
    if visit.signed is not None and is_for(visit.account, LOOKERS[kind]):
        return Screen(visit.account.id, visit.account.name, kind, area, (visit.language,))
    raise ForbiddenError(
        code="WEB-005", where=f"{kind} of {area:.80}", got="a screen without a link for this",
        expected="a link that is good", fix="have an administrator make another",
    )  # fmt: skip

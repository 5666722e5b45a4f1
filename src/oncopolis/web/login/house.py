"""What the login needs to know of the server it guards."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.accounts.types import NOTHING_BESIDES, First
from oncopolis.record.store import Store
from oncopolis.record.store.keys import Keys
from oncopolis.web.app import FHIR
from oncopolis.web.login.outside import Outside
from oncopolis.web.pages.showing import UTC


@dataclass(frozen=True, slots=True)
class House:
    """The login of one server.

    Parameters
    ----------
    base
        Address that people and programs call us by, such as ``https://centre.example``; no path.
    name
        Name of the centre, shown on the pages.
    outside
        Provider that people may sign in with, beside their account here.
    """

    desk: Desk
    keyring: Keyring
    base: str
    name: str = "Oncopolis"
    outside: Outside | None = None
    zone: ZoneInfo = UTC
    """Time zone of the centre."""
    home: str = "/account"
    """Where people come who say no other place."""
    first: First = NOTHING_BESIDES
    """What the first administrator is besides."""

    @property
    def fhir(self) -> str:
        """Address of the FHIR API, for which tokens are good."""
        return f"{self.base}{FHIR}"

    @property
    def is_secure(self) -> bool:
        """Whether people reach us encrypted."""
        return self.base.startswith("https:")

    @property
    def host(self) -> str:
        """Host with its port, as browsers send it."""
        return urlsplit(self.base).netloc

    @property
    def domain(self) -> str:
        """Host without its port, which passkeys are bound to."""
        return urlsplit(self.base).hostname or ""


def make_house(
    store: Store,
    keys: Keys | None,
    base: str,
    *,
    name: str = "Oncopolis",
    outside: Outside | None = None,
    zone: ZoneInfo = UTC,
    home: str = "/account",
    first: First = NOTHING_BESIDES,
    known: frozenset[str] = frozenset(),
    needs_second: frozenset[str] = frozenset(),
) -> House:
    """Return the login over an open store.

    Parameters
    ----------
    known
        Passwords that nobody may choose.
    needs_second
        Roles of whom a password alone is not enough.
    """
    desk = Desk(store, Seal(keys), known=known, needs_second=needs_second)
    return House(desk, Keyring(desk), base.rstrip("/"), name, outside, zone, home, first)

"""What the rooms hand each other about accounts: who there is, how they came in, what programs may do."""

from dataclasses import dataclass, field

from oncopolis.record.types import Who

ADMINISTRATOR = "administrator"
"""Role that makes accounts and registers programs."""
CARER = "carer"
"""Role of who acts for a patient."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Parameters
    ----------
    login
        What they type, in lower case.
    roles
        Codes of the access policy.
    clinics, practitioner, patients
        Ids of the Organization records they work in, of their Practitioner record, and of the Patient records
        they are or act for.
    subject
        ``issuer|subject`` of who comes from an outside provider.
    """

    id: str
    login: str
    name: str
    roles: frozenset[str] = frozenset()
    clinics: frozenset[str] = frozenset()
    practitioner: str | None = None
    patients: frozenset[str] = frozenset()
    language: str = "en"
    subject: str | None = None
    is_disabled: bool = False

    @property
    def is_administrator(self) -> bool:
        """Whether they may change accounts."""
        return ADMINISTRATOR in self.roles

    @property
    def who(self) -> Who:
        """As the audit names them; patients and carers without their name, since the audit is not sealed.

        A carer is the RelatedPerson with the id of the account, whom consents name as their actor.
        """
        if self.practitioner:
            return Who("Practitioner", self.practitioner, self.name)
        if CARER in self.roles:
            return Who("RelatedPerson", self.id)
        if self.patients:
            return Who("Patient", min(self.patients))
        return Who("Person", self.id, self.name)


@dataclass(frozen=True, slots=True)
class First:
    """What the first administrator is besides."""

    roles: frozenset[str] = frozenset()
    clinics: frozenset[str] = frozenset()
    practitioner: str | None = None


NOTHING_BESIDES = First()
"""Of an administrator who is nothing else."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key on somebody's device; times in milliseconds since 1970 (UTC)."""

    id: str
    account: str
    public_key: bytes
    uses: int
    name: str
    made_ms: int
    used_ms: int | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session of an account in a browser; times in milliseconds since 1970 (UTC).

    Parameters
    ----------
    hash
        Of what the cookie holds; also its name on pages.
    how
        ``password``, ``code`` (of an authenticator, after a password or link), ``passkey``, ``link`` or
        ``outside``.
    agent, address
        Browser and network address it was opened from.
    """

    hash: str
    account: str
    how: str
    agent: str
    address: str
    opened_ms: int
    seen_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class App:
    """A program that may ask for access.

    Parameters
    ----------
    redirects
        Addresses it may be answered at, compared sign by sign.
    jwks
        Public keys by which it proves itself, as JSON.
    scopes
        Most it may ask for.
    roles, clinics
        Of a program that acts for nobody.
    """

    id: str
    name: str
    redirects: tuple[str, ...] = ()
    jwks: str | None = None
    has_secret: bool = False
    scopes: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    clinics: frozenset[str] = frozenset()
    is_disabled: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it can keep no secret, and proves itself by PKCE only."""
        return self.jwks is None and not self.has_secret


@dataclass(frozen=True, slots=True)
class Grant:
    """What a program was allowed, by a person (``account``) or by the centre; times as everywhere.

    Parameters
    ----------
    app
        The program; None for a token that was printed.
    roles, clinics
        Of one that acts for nobody.
    patient
        The one record it was opened for.
    """

    id: str
    name: str
    account: str | None
    app: str | None
    scopes: tuple[str, ...]
    roles: frozenset[str] = field(default=frozenset())
    clinics: frozenset[str] = field(default=frozenset())
    patient: str | None = None
    made_ms: int = 0
    until_ms: int = 0
    used_ms: int | None = None
    revoked_ms: int | None = None

    def is_good(self, now_ms: int) -> bool:
        """Whether it may be used now."""
        return self.revoked_ms is None and now_ms < self.until_ms

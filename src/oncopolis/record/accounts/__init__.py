"""Who may come in: accounts, sessions, programs and the keys that sign for them."""

from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.errors import CodeNeeded, GrantRefused, SignInRefused, TooManyAttempts
from oncopolis.record.accounts.types import ADMINISTRATOR, Account, App, Grant, Passkey, SignedIn

__all__ = [
    "ADMINISTRATOR",
    "Account",
    "App",
    "CodeNeeded",
    "Desk",
    "Grant",
    "GrantRefused",
    "Passkey",
    "SignInRefused",
    "SignedIn",
    "TooManyAttempts",
]

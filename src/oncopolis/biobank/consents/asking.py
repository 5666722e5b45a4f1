"""What is said about consent."""

from typing import Annotated

from pydantic import Field, StringConstraints

from oncopolis.biobank.consents.scopes import Scope
from oncopolis.biobank.storage.asking import Ms, Name, Words
from oncopolis.foundation import Frozen

_MOST = 10_000  # structure: versions of a form
Version = Annotated[int, Field(ge=1, le=_MOST)]
Scopes = Annotated[tuple[Scope, ...], Field(min_length=1)]


class AddForm(Frozen):
    """A new version of a consent form; older versions are not signed from its first day on."""

    name: Name
    version: Version
    scopes: Scopes
    """What can be agreed to on it."""
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the signed text."""
    from_ms: Ms
    """From when on it is signed, milliseconds since 1970 (UTC)."""


class GiveConsent(Frozen):
    """A donor agrees; this replaces what they agreed to before."""

    patient: Name | None = None
    pseudonym: Name | None = None
    """Of a donor who is known; one of the two has to be said."""
    form: Name
    version: Version
    scopes: Scopes
    """What they agree to, of what the form offers."""
    given_ms: Ms | None = None
    """When it was signed; now if left out."""


class WithdrawConsent(Frozen):
    """A donor takes their consent back."""

    patient: Name | None = None
    pseudonym: Name | None = None
    reason: Words = ""

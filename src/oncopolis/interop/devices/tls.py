"""`Tls`: how a broker is known for certain, and how we show it who we are."""

import ssl
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ValidationInfo, model_validator

from oncopolis.foundation.frozen import Frozen


def _find(path: Path, info: ValidationInfo) -> Path:
    folder = Path() if info.context is None else Path(info.context["folder"])
    found = folder / path
    if not found.is_file():
        raise ValueError(f"the path of a file; {found} is none")
    return found


SettingsFile: TypeAlias = Annotated[Path, AfterValidator(_find)]
"""A file that the settings name, beside them or by its whole path."""


class Tls(Frozen):
    """Encryption of what is said to a broker; `{}` trusts what the system trusts."""

    ca: SettingsFile | None = None
    """Certificates of those who vouch for the broker (PEM); those of the system if left out."""
    certificate: SettingsFile | None = None
    """Our certificate, where the broker asks for one (PEM)."""
    key: SettingsFile | None = None
    """Its key, without a passphrase (PEM); left out if it is in the file of the certificate."""

    @model_validator(mode="after")
    def _check(self) -> "Tls":
        """Refuse files that hold something else, before anything is heard."""
        if self.key is not None and self.certificate is None:
            raise ValueError("a key goes with a certificate: name that, too")
        try:
            self.make_context()
        except (OSError, ValueError) as error:
            raise ValueError(f"certificates and a key without passphrase, as PEM ({error})") from error
        return self

    def make_context(self) -> ssl.SSLContext:
        """Read the files as they are now: certificates are renewed.

        Raises
        ------
        OSError
            A file is gone, or holds something else.
        """
        context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            # An empty password: a key with a passphrase is refused, since nobody is there to be asked for it.
            context.load_cert_chain(self.certificate, self.key, password="")
        return context

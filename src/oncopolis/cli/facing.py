"""Options that say how a server faces the network, and who signs in there."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)

_OPTIONS = (
    click.option(
        "--base",
        metavar="URL",
        help="Address people and programs call the server by, such as https://centre.example; tokens and "
        "passkeys are bound to it. Of the port it listens on if left out.",
    ),
    click.option("--cert", type=_FILE, metavar="FILE", help="Certificate (PEM): the server speaks HTTPS."),
    click.option(
        "--cert-key", type=_FILE, metavar="FILE", help="Key of the certificate, if it is in another file."
    ),
    click.option(
        "--unencrypted",
        is_flag=True,
        help="Let other machines call by http; without it and without https only this machine may.",
    ),
    click.option(
        "--known-passwords",
        type=_FILE,
        metavar="FILE",
        help="Passwords that nobody may choose, one a line, such as the most used or those that leaked.",
    ),
    click.option(
        "--forwarded-for",
        default="",
        metavar="ADDRESSES",
        help="Proxies, with commas, that say in X-Forwarded-For who calls; nobody is believed otherwise.",
    ),
    click.option(
        "--rate",
        type=click.FloatRange(min=1),
        default=5_000.0,  # structure: the documented default of the command line
        show_default=True,
        metavar="N",
        help="Requests a second of one caller, on average over ten seconds; of one address five times that.",
    ),
    click.option(
        "--issuer", metavar="URL", help="OpenID provider that people may sign in with, beside accounts here."
    ),
    click.option("--client-id", metavar="ID", help="What that provider calls this server."),
    click.option("--client-secret-file", type=_FILE, metavar="FILE", help="The server's secret there."),
    click.option(
        "--acr",
        "levels",
        multiple=True,
        metavar="VALUE",
        help="How strong a sign-in there has to be (`acr`), such as phrh; several may do. Any if left out.",
    ),
    click.option(
        "--map",
        "rules",
        multiple=True,
        metavar="CLAIM=VALUE:ROLE",
        help="Whoever has VALUE in CLAIM there gets ROLE here, or works in Organization/ID; may be repeated. "
        "Whoever gets no role is not let in.",
    ),
)


def facing_options(function: _Function) -> _Function:
    """Add them all; the command gets them as one `Facing`, named ``facing``."""

    @wraps(function)
    def command(
        base: str | None,
        cert: Path | None,
        cert_key: Path | None,
        unencrypted: bool,
        known_passwords: Path | None,
        forwarded_for: str,
        rate: float,
        issuer: str | None,
        client_id: str | None,
        client_secret_file: Path | None,
        levels: tuple[str, ...],
        rules: tuple[str, ...],
        **others: Any,
    ) -> Any:
        from oncopolis.record.accounts.passwords import read_known
        from oncopolis.web.login.front import Facing
        from oncopolis.web.login.outside import make_outside, read_rule

        if bool(issuer) != bool(client_id):
            raise click.UsageError("give --issuer and --client-id together")
        outside = None
        if issuer and client_id:
            secret = client_secret_file.read_text("utf-8").strip() if client_secret_file else None
            outside = make_outside(issuer, client_id, secret, tuple(map(read_rule, rules)), levels)
        known = read_known(known_passwords) if known_passwords else frozenset[str]()
        facing = Facing(base, cert, cert_key, forwarded_for, rate, outside, known, unencrypted)
        facing.check()
        return function(facing=facing, **others)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command  # type: ignore[return-value]

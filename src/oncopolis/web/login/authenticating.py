"""The authenticator on the own page: set up, tried with its first code, removed."""

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.record.accounts import authenticator
from oncopolis.web.login.own_page import show_own
from oncopolis.web.login.passkeys import check_fresh
from oncopolis.web.login.signing_in import HOME, strengthen
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go


def take_offer(visit: Visit) -> Response:
    """Make a seed, which the own page shows until its first code comes."""
    authenticator.offer(visit.house.desk, check_fresh(visit))
    return go(f"{HOME}#h-authenticator")


def take_first(visit: Visit) -> Response:
    """Add the authenticator, once its first code is right."""
    account = check_fresh(visit)
    try:
        authenticator.add(visit.house.desk, account, visit.form.get("code", ""))
    except OncopolisError as error:
        return show_own(visit, error)
    strengthen(visit, "code")
    return go(f"{HOME}?done=authenticator")


def take_away(visit: Visit) -> Response:
    """Remove the authenticator of the account."""
    account = check_fresh(visit)
    authenticator.remove(visit.house.desk, account, account.who)
    return go(f"{HOME}?done=unpaired")

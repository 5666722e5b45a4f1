"""The own page: who I am here, my sessions, passkeys, password and programs."""

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.accounts import attempts, authenticator, program_rows, rows
from oncopolis.record.accounts.attempts import WITH_ACCOUNT
from oncopolis.record.accounts.entering import list_open, sign_out
from oncopolis.record.accounts.errors import TooManyAttempts, refuse_sign_in
from oncopolis.record.accounts.granting import revoke
from oncopolis.record.accounts.managing import change_account, set_password
from oncopolis.record.accounts.passwords import is_right
from oncopolis.web.login.describing import describe_scopes
from oncopolis.web.login.pages import get_status_of, show, tell
from oncopolis.web.login.signing_in import HOME, read_new_password
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

_DONE = {
    "passkey": mark("The passkey was added."),
    "removed": mark("The passkey was removed."),
    "authenticator": mark("The authenticator was set up: its code is asked for after the password."),
    "unpaired": mark("The authenticator was removed."),
    "password": mark("The password was changed; other sessions and programs were signed out."),
    "session": mark("The session was ended."),
    "grant": mark("The program may not do anything in your name any more."),
    "language": mark("The language was changed."),
}


def show_own(visit: Visit, error: OncopolisError | None = None) -> Response:
    """The own page."""
    account, desk = visit.account, visit.house.desk
    assert visit.signed is not None
    done = _DONE.get(visit.query.get("done", ""))
    language = find_words(visit.language)
    seed = authenticator.find_offer(desk, account)
    grants = desk.ask(lambda session: program_rows.list_grants(session, account.id, desk.clock_ms()))
    return show(
        visit, "own.html", get_status_of(error) if error else HTTPStatus.OK,
        account=account, current=visit.signed[0].hash, sessions=list_open(desk, account.id),
        passkeys=desk.ask(lambda session: rows.list_passkeys(session, account.id)),
        grants=[(grant, describe_scopes(grant.scopes, language)) for grant in grants],
        has_password=desk.ask(lambda session: rows.read_password(session, account.id)) is not None,
        is_confined=visit.is_confined, next=visit.house.home,
        has_authenticator=desk.ask(lambda session: authenticator.is_there(session, account.id)),
        seed=authenticator.write_seed(seed) if seed else "",
        address=authenticator.write_address(seed, account.login, visit.house.name) if seed else "",
        done=language.text(done) if done else "", told=tell(visit, error) if error else "",
    )  # fmt: skip


def take_password(visit: Visit) -> Response:
    """Change the password; the present one has to be known."""
    account, desk = visit.account, visit.house.desk
    assert visit.signed is not None
    try:
        counted = ((f"account {account.login}", WITH_ACCOUNT),)
        if rest_ms := desk.mark(lambda session, now_ms: attempts.begin(session, counted, now_ms)):
            raise TooManyAttempts(rest_ms)
        stored = desk.ask(lambda session: rows.read_password(session, account.id))
        if stored is not None and not is_right(stored, visit.form.get("present", "")):
            desk.tell(account.who, f"change of password refused for account {account.id}")
            raise refuse_sign_in()
        password = read_new_password(visit)
        set_password(desk, account, password, account.who, keep=visit.signed[0].hash)
    except OncopolisError as error:
        return show_own(visit, error)
    return go(f"{HOME}?done=password")


def take_session_end(visit: Visit) -> Response:
    """End one of the own sessions."""
    sign_out(visit.house.desk, visit.account, visit.form.get("hash", ""))
    return go(f"{HOME}?done=session")


def take_grant_end(visit: Visit) -> Response:
    """Take back what a program was granted."""
    account = visit.account
    revoke(visit.house.desk, visit.form.get("id", ""), account.who, account.id)
    return go(f"{HOME}?done=grant")


def take_language(visit: Visit) -> Response:
    """Change the language of the account."""
    account = visit.account
    changed = replace(account, language=visit.form.get("language", ""))
    change_account(visit.house.desk, changed, account.who)
    visit.cookies.changes["language"] = None
    return go(f"{HOME}?done=language")

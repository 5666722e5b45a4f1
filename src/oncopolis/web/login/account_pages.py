"""The administrator's pages about accounts."""

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts import Account, authenticator, rows
from oncopolis.record.accounts.entering import list_open
from oncopolis.record.accounts.managing import (
    add_account,
    change_account,
    get_account,
    make_link,
    remove_factors,
)
from oncopolis.record.store.session import Session
from oncopolis.web.login.pages import get_status_of, show, tell
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go


def show_accounts(visit: Visit, error: OncopolisError | None = None) -> Response:
    """All accounts, and the form for another."""
    return show(
        visit, "accounts.html", get_status_of(error) if error else HTTPStatus.OK,
        accounts=visit.house.desk.ask(rows.list_accounts), account=_read(visit, _EMPTY),
        roles=sorted(get_policy().roles),
        told=tell(visit, error) if error else "",
    )  # fmt: skip


def take_account(visit: Visit) -> Response:
    """Make an account, and the link by which its owner sets a password."""
    desk = visit.house.desk
    try:
        made = add_account(desk, _read(visit, _EMPTY), visit.account.who)
    except OncopolisError as error:
        return show_accounts(visit, error)
    return _show_account(visit, made, link=make_link(desk, made, visit.account.who))


def show_account(visit: Visit) -> Response:
    """One account."""
    return _show_account(visit, get_account(visit.house.desk, visit.parts["id"]))


def _show_account(
    visit: Visit, account: Account, *, link: str = "", error: OncopolisError | None = None
) -> Response:
    return show(
        visit, "account.html", get_status_of(error) if error else HTTPStatus.OK, account=account,
        roles=sorted(get_policy().roles | account.roles), sessions=list_open(visit.house.desk, account.id),
        n_passkeys=len(visit.house.desk.ask(lambda session: rows.list_passkeys(session, account.id))),
        has_authenticator=visit.house.desk.ask(lambda session: authenticator.is_there(session, account.id)),
        link=f"{visit.house.base}/login/link/{link}" if link else "",
        told=tell(visit, error) if error else "",
    )  # fmt: skip


def change(visit: Visit) -> Response:
    """Change an account."""
    account = get_account(visit.house.desk, visit.parts["id"])
    try:
        changed = replace(_read(visit, account), is_disabled="disabled" in visit.form)
        change_account(visit.house.desk, changed, visit.account.who)
    except OncopolisError as error:
        return _show_account(visit, account, error=error)
    return go("/accounts")


def take_link(visit: Visit) -> Response:
    """Make a one-time link for an account; it is shown once."""
    account = get_account(visit.house.desk, visit.parts["id"])
    return _show_account(visit, account, link=make_link(visit.house.desk, account, visit.account.who))


def take_factors(visit: Visit) -> Response:
    """Remove authenticator and passkeys of who lost them."""
    account = get_account(visit.house.desk, visit.parts["id"])
    remove_factors(visit.house.desk, account, visit.account.who)
    return go(f"/accounts/{account.id}")


def take_end(visit: Visit) -> Response:
    """End all sessions of an account."""
    account = get_account(visit.house.desk, visit.parts["id"])

    def command(session: Session, _now_ms: int) -> None:
        rows.end_sessions(session, account.id)

    visit.house.desk.do(command, visit.account.who, f"all sessions of account {account.id} ended")
    return go(f"/accounts/{account.id}")


_EMPTY = Account("", "", "")


def _read(visit: Visit, before: Account) -> Account:
    """The account as the form has it."""
    form = visit.form
    if not form:
        return before
    return replace(
        before,
        login=form.get("login", before.login),
        name=form.get("name", ""),
        roles=frozenset(form.get("role", "").split()),
        clinics=frozenset(form.get("clinics", "").replace(",", " ").split()),
        practitioner=form.get("practitioner", "").strip() or None,
        patients=frozenset(form.get("patients", "").replace(",", " ").split()),
        language=form.get("language", before.language),
    )

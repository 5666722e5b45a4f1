"""Coming in by password or one-time link, and going out."""

from http import HTTPStatus

from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.foundation.errors import NotFoundError
from oncopolis.record.accounts import Account, CodeNeeded, SignInRefused
from oncopolis.record.accounts.entering import WEAK, enter, finish, sign_in, sign_out
from oncopolis.record.accounts.managing import find_link, redeem, redeem_first
from oncopolis.web.login.pages import get_status_of, show, tell
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import go

HOME = "/account"


def show_sign_in(visit: Visit) -> Response:
    """The page to sign in."""
    wish = find_local(visit.query.get("next", ""), visit.house.home)
    if visit.signed is not None:
        return go(wish)
    return _show_form(visit, wish)


def _show_form(visit: Visit, wish: str, error: OncopolisError | None = None) -> Response:
    outside = visit.house.outside
    status: int = HTTPStatus.OK
    if error is not None:
        status = HTTPStatus.UNAUTHORIZED if isinstance(error, SignInRefused) else get_status_of(error)
    answer = show(
        visit, "sign_in.html", status, forms=outside.origin if outside else "", next=wish,
        login=visit.form.get("login", ""), told=tell(visit, error) if error else "",
        is_out="out" in visit.query, outside=outside.name if outside else "",
    )  # fmt: skip
    _tell_rest(answer, error)
    return answer


def take_sign_in(visit: Visit) -> Response:
    """Sign in by password; whatever session the browser had before ends."""
    wish = find_local(visit.form.get("next", ""), visit.house.home)
    try:
        entered = sign_in(
            visit.house.desk, visit.form.get("login", ""), visit.form.get("password", ""), visit.origin
        )
    except CodeNeeded as needed:
        return _show_code(visit, wish, needed.half)
    except OncopolisError as error:
        return _show_form(visit, wish, error)
    end_current(visit)
    visit.let_in(entered)
    return go(wish)


def take_code(visit: Visit) -> Response:
    """Sign in by the code that follows the password."""
    wish, half = find_local(visit.form.get("next", ""), visit.house.home), visit.form.get("half", "")
    try:
        entered = finish(visit.house.desk, half, visit.form.get("code", ""), visit.origin)
    except SignInRefused as error:
        return _show_form(visit, wish, error)
    except OncopolisError as error:
        return _show_code(visit, wish, half, error)
    end_current(visit)
    visit.let_in(entered)
    return go(wish)


def _show_code(visit: Visit, wish: str, half: str, error: OncopolisError | None = None) -> Response:
    answer = show(
        visit, "code.html", get_status_of(error) if error else HTTPStatus.OK, half=half, next=wish,
        told=tell(visit, error) if error else "",
    )  # fmt: skip
    _tell_rest(answer, error)
    return answer


def _tell_rest(answer: Response, error: OncopolisError | None) -> None:
    rest_ms = getattr(error, "rest_ms", 0)
    if rest_ms:
        answer.headers["Retry-After"] = str(rest_ms // 1000 + 1)  # structure: milliseconds to seconds


def take_sign_out(visit: Visit) -> Response:
    """Sign out."""
    end_current(visit)
    visit.let_out()
    answer = go("/login?out=1")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def strengthen(visit: Visit, how: str) -> None:
    """Open a new session in place of a weak one, for who has just set up what they prove themselves by."""
    assert visit.signed is not None
    if visit.signed[0].how in WEAK:
        entered = enter(visit.house.desk, visit.account, how, visit.origin)
        end_current(visit)
        visit.let_in(entered)


def end_current(visit: Visit) -> None:
    """End the session that the browser holds."""
    if visit.signed is not None:
        session, account = visit.signed
        sign_out(visit.house.desk, account, session.hash)


def show_link(visit: Visit) -> Response:
    """The page behind a one-time link."""
    return _show_link(visit, _get_link(visit))


def _show_link(visit: Visit, account: Account | None, error: OncopolisError | None = None) -> Response:
    return show(
        visit, "link.html", get_status_of(error) if error else HTTPStatus.OK, account=account,
        login=visit.form.get("login", ""), name=visit.form.get("name", ""),
        told=tell(visit, error) if error else "",
    )  # fmt: skip


def take_link(visit: Visit) -> Response:
    """Use a one-time link: make the first administrator, or set a password."""
    account = _get_link(visit)
    desk, secret, form = visit.house.desk, visit.parts["secret"], visit.form
    try:
        password = read_new_password(visit)
        if account is None:
            login, name = form.get("login", ""), form.get("name", "")
            account = redeem_first(desk, secret, login, name, password, visit.language)
        else:
            redeem(desk, secret, password)
    except OncopolisError as error:
        return _show_link(visit, account, error)
    end_current(visit)
    try:
        visit.let_in(enter(desk, account, "link", visit.origin))
    except CodeNeeded as needed:
        return _show_code(visit, visit.house.home, needed.half)
    return go(visit.house.home)


def read_new_password(visit: Visit) -> str:
    """Return a password that was typed twice."""
    password = visit.form.get("password", "")
    if visit.form.get("again", "") != password:
        raise InputError(
            code="REC-275", where="password", got="two that differ", expected="the same twice",
            fix="type them again",
        )  # fmt: skip
    return password


def _get_link(visit: Visit) -> Account | None:
    works, account = find_link(visit.house.desk, visit.parts["secret"])
    if not works:
        raise NotFoundError(
            code="REC-274", where="one-time link", got="one that does not work",
            expected="one that is new", fix="ask an administrator for another",
        )  # fmt: skip
    return account

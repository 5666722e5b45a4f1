"""A request as the pages see it: who is signed in, what was sent, and what goes back as cookies."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from oncopolis.foundation import ForbiddenError
from oncopolis.record.accounts import Account, SignedIn
from oncopolis.record.accounts.entering import (
    DEVICE_MS,
    LONGEST_MS,
    Entered,
    From,
    find_signed_in,
    is_confined,
)
from oncopolis.record.accounts.tokens import digest, make_secret
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.login.house import House
from oncopolis.web.pages import CODES, choose

LIMIT_BYTES = 65_536  # structure: larger than any form of ours
_MOST_FIELDS = 200  # structure: fields of a form
_LONGEST_QUERY = 8_192  # structure: characters of a query
_YEAR_S = 31_536_000  # structure: seconds of a year
_FORM_TYPE = "application/x-www-form-urlencoded"
_FILE_TYPE = "multipart/form-data"
_SEVERAL = frozenset({"role", "clinic", "pick"})
"""Fields of which several may be chosen."""
_UNSAFE_PATH = re.compile(r"[\\\x00-\x20\x7f]")


@dataclass(slots=True)
class Cookies:
    """What the answer sets: name -> (value, seconds), None to clear."""

    changes: dict[str, tuple[str, int] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came with a form."""

    name: str
    content_type: str
    body: bytes


class Visit:
    """One request.

    Attributes
    ----------
    query, form
        What was sent, each name once.
    sent
        File that came with the form.
    """

    def __init__(
        self, house: House, request: Request, query: dict[str, str], form: dict[str, str],
        sent: Sent | None = None,
    ) -> None:  # fmt: skip
        self.house, self.request, self.query, self.form, self.sent = house, request, query, form, sent
        self.cookies = Cookies()

    @property
    def method(self) -> str:
        """GET or POST; HEAD asks as GET does."""
        return "GET" if self.request.method == "HEAD" else self.request.method

    @property
    def parts(self) -> Mapping[str, str]:
        """Parts of the path."""
        return self.request.path_params

    @property
    def address(self) -> str:
        """Network address they come from."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def origin(self) -> From:
        """Where they come from."""
        return From(self.address, self.request.headers.get("user-agent", ""), self.get_cookie("device"))

    def get_cookie(self, name: str) -> str:
        """Return a cookie of ours, '' without one."""
        return self.request.cookies.get(name_cookie(name, self.house.is_secure), "")

    @cached_property
    def signed(self) -> tuple[SignedIn, Account] | None:
        """The session, and whose it is."""
        secret = self.get_cookie("session")
        return find_signed_in(self.house.desk, secret) if secret else None

    @property
    def account(self) -> Account:
        """Who is signed in.

        Raises
        ------
        ForbiddenError
            Nobody.
        """
        if self.signed is None:
            raise ForbiddenError(
                code="REC-270", where="session", got="none", expected="somebody signed in", fix="sign in"
            )
        return self.signed[1]

    @property
    def is_confined(self) -> bool:
        """Whether whoever is signed in may do nothing yet but prove themselves better."""
        return self.signed is not None and is_confined(self.house.desk, *self.signed)

    @cached_property
    def language(self) -> str:
        """The language of the answer: chosen, of the account, or of the browser."""
        of_account = self.signed[1].language if self.signed else ""
        wishes = [self.query.get("language", ""), self.get_cookie("language"), of_account]
        return choose(wishes, self.request.headers.get("accept-language", ""))

    @cached_property
    def bond(self) -> str:
        """A secret that only this browser has: of its session, else of its forms."""
        if self.signed is not None:
            return self.get_cookie("session")
        held = self.get_cookie("form")
        if not held:
            held = make_secret()
            self.cookies.changes["form"] = (held, LONGEST_MS // MS_PER_S)
        return held

    def change_query(self, name: str, value: str) -> str:
        """Return the address of this page with one thing asked otherwise."""
        return f"?{urlencode({**self.query, name: value})}"

    @property
    def csrf(self) -> str:
        """What a form of this browser carries; it tells nothing about the cookie."""
        return digest(f"csrf {self.bond}")

    def check_form(self) -> None:
        """Refuse a form that another site sent.

        Raises
        ------
        RequestError
            It does not come from a page of ours in this browser.
        """
        origin = self.request.headers.get("origin", self.house.base)
        is_ours = bool(self.get_cookie("session") or self.get_cookie("form"))
        if origin != self.house.base or not is_ours or self.form.get("csrf") != self.csrf:
            raise RequestError(
                code="REC-271", where="form", got="a form of another page, or an old one",
                expected="a form of ours, sent from the browser it was opened in",
                fix="open the page again and send it once more",
                status=HTTPStatus.FORBIDDEN, issue="security",
            )  # fmt: skip

    def let_in(self, entered: Entered) -> None:
        """Give the browser its session."""
        self.cookies.changes |= {
            "session": (entered.session, LONGEST_MS // MS_PER_S),
            "device": (entered.device, DEVICE_MS // MS_PER_S),
            "form": None,
        }

    def let_out(self) -> None:
        """Take the session from the browser."""
        self.cookies.changes["session"] = None

    def write_cookies(self, response: Response) -> None:
        """Put the cookies into an answer."""
        if self.query.get("language") in CODES:
            self.cookies.changes["language"] = (self.query["language"], _YEAR_S)
        for name, change in self.cookies.changes.items():
            value, seconds = change or ("", 0)
            response.set_cookie(
                name_cookie(name, self.house.is_secure), value, max_age=seconds, path="/", httponly=True,
                samesite="lax", secure=self.house.is_secure,
            )  # fmt: skip


def name_cookie(name: str, is_secure: bool) -> str:
    """Name of a cookie; the prefix has browsers refuse one that another host or an open line set."""
    return f"__Host-{name}" if is_secure else name


def find_local(wish: str, default: str) -> str:
    """Return where to go on: a path of ours, else the default; never another site."""
    try:
        parts = urlsplit(wish)
    except ValueError:
        return default
    is_ours = not parts.scheme and not parts.netloc and wish.startswith("/") and not wish.startswith("//")
    return wish if is_ours and not _UNSAFE_PATH.search(wish) else default


async def read_visit(house: House, request: Request, most_bytes: int = LIMIT_BYTES) -> Visit:
    """Read a request.

    Parameters
    ----------
    most_bytes
        Longest body; where it is more than a form has, a file may come with it.

    Raises
    ------
    RequestError
        Too much of it, not a form, or a name twice.
    """
    query = request.url.query
    if len(query) > _LONGEST_QUERY:
        raise _refuse(
            "query", "a longer one", f"{_LONGEST_QUERY} characters", HTTPStatus.REQUEST_URI_TOO_LONG
        )
    form: dict[str, str] = {}
    sent = None
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == _FILE_TYPE and most_bytes > LIMIT_BYTES:
            form, sent = await _read_file(request, most_bytes)
        else:
            form = _parse("form", (await _read_body(request, kind, LIMIT_BYTES)).decode("utf-8", "replace"))
    return Visit(house, request, _parse("query", query), form, sent)


async def _read_file(request: Request, most_bytes: int) -> tuple[dict[str, str], Sent | None]:
    """Read a form with a file."""
    body = await _read_body(request, _FILE_TYPE, most_bytes)

    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, once(), max_files=1, max_fields=_MOST_FIELDS, max_part_size=LIMIT_BYTES
    )
    try:
        found = await parser.parse()
    except MultiPartException as error:
        raise _refuse("form", error.message[:100], _FILE_TYPE, HTTPStatus.BAD_REQUEST) from None
    form, sent = {}, None
    for name, value in found.multi_items():
        if isinstance(value, str):
            form[name] = value
        elif value.filename:
            sent = Sent(value.filename, value.content_type or "", await value.read())
    await found.close()
    return form, sent


async def _read_body(request: Request, kind: str, most_bytes: int) -> bytes:
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > most_bytes:
                raise _refuse(
                    "form", "a larger one", f"{most_bytes} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                )
    except ClientDisconnect:
        return b""
    if body and kind not in ((_FORM_TYPE,) if most_bytes == LIMIT_BYTES else (_FILE_TYPE,)):
        raise _refuse("Content-Type", repr(kind[:100]), _FORM_TYPE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return body


def _parse(where: str, text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise _refuse(where, str(error), f"at most {_MOST_FIELDS} fields", HTTPStatus.BAD_REQUEST) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields and name not in _SEVERAL:
            raise _refuse(where, f"{name[:50]!r} twice", "each name once", HTTPStatus.BAD_REQUEST)
        fields[name] = f"{fields[name]} {value}" if name in fields else value
    return fields


def _refuse(where: str, got: str, expected: str, status: int) -> RequestError:
    return RequestError(
        code="REC-272", where=where, got=got, expected=expected, fix="send it so", status=status
    )

"""What the headers of a request say, or why they are refused."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Literal

from oncopolis.record import Who
from oncopolis.web.fhir.refusing import RequestError, show

MS_PER_S = 1000  # structure: milliseconds of a second
FHIR_JSON = "application/fhir+json"
JSON_TYPES = (FHIR_JSON, "application/json", "text/json")
PATCH_JSON = "application/json-patch+json"
FHIR_VERSIONS = ("4.0", "4.0.1")

FORM = "application/x-www-form-urlencoded"

Return = Literal["minimal", "representation", "OperationOutcome"]
Handling = Literal["strict", "lenient"]
Headers = Mapping[str, str]
"""Names in lower case."""

_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})"', re.ASCII)
_ANY_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._:~+/=-]{1,128}", re.ASCII)
_RETURN: dict[str, Return] = {
    "minimal": "minimal",
    "representation": "representation",
    "operationoutcome": "OperationOutcome",
}
_ONLY_ONCE = frozenset(
    "host content-type content-length if-match if-none-match if-none-exist if-modified-since idempotency-key"
    " x-request-id authorization".split()
)


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; those that are lists are joined.

    Raises
    ------
    RequestError
        For a header given twice that may be given once.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        if name in headers:
            if name in _ONLY_ONCE:
                raise _bad(name, "the header twice", "it once", "leave one of the two out")
            value = f"{headers[name]}, {value}"
        headers[name] = value
    return headers


def read_if_match(headers: Headers) -> int | None:
    """Return the version that ``If-Match`` expects, None without one."""
    return _read_version("if-match", headers["if-match"]) if "if-match" in headers else None


def is_to_be_new(headers: Headers) -> bool:
    """Tell whether ``If-None-Match: *`` asks for a record that is not there yet."""
    value = headers.get("if-none-match")
    if value is None:
        return False
    if value != "*":
        raise _bad("if-none-match", repr(value), "* with an update", "use If-Match for a version")
    return True


def is_known_already(headers: Headers, version: int, at_ms: int) -> bool:
    """Tell whether the reader has this version already, by ``If-None-Match`` or ``If-Modified-Since``."""
    value = headers.get("if-none-match")
    if value is not None:
        if value == "*":
            return True
        tags = [tag.strip() for tag in value.split(",")]
        for tag in tags:
            if not _ANY_ETAG.fullmatch(tag):
                raise _bad("if-none-match", repr(tag), 'a version such as W/"3"', "send it as it came")
        return any((match := _ETAG.fullmatch(tag)) and int(match[1]) == version for tag in tags)
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
        return at_ms // MS_PER_S <= moment.timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        raise _bad("if-modified-since", repr(since), "a date of HTTP", "send it as it came") from None


def read_return(headers: Headers) -> Return:
    """Return what the writer wants back: the record unless ``Prefer`` says otherwise."""
    prefer = headers.get("prefer")
    if prefer is None:
        return "representation"
    for wish in re.split(r"[,;]", prefer):
        name, _, value = wish.partition("=")
        if name.strip().lower() == "return":
            return _RETURN.get(value.strip().strip('"').lower(), "representation")
    return "representation"


def read_handling(headers: Headers) -> Handling:
    """Return how a search is to treat parameters that are not known: strictly unless asked leniently."""
    for wish in re.split(r"[,;]", headers.get("prefer", "")):
        name, _, value = wish.partition("=")
        if name.strip().lower() == "handling" and value.strip().strip('"').lower() == "lenient":
            return "lenient"
    return "strict"


def check_form(headers: Headers) -> None:
    """Refuse a search by POST that is not a form."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != FORM:
        raise RequestError(
            code="REC-105", where="Content-Type", got=repr(media) if media else "none", expected=FORM,
            fix="send the parameters as a form",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, issue="not-supported", headers={"Accept-Post": FORM},
        )  # fmt: skip


def check_accept(headers: Headers, form: str | None) -> None:
    """Refuse a reader who takes no FHIR JSON; ``_format`` goes before ``Accept``."""
    value = headers.get("accept", "") if form is None else form.replace(" ", "+")
    if form is not None and form in ("json", *JSON_TYPES):
        return
    if form is None and not value.strip():
        return
    if _is_for_us(value):
        return
    raise RequestError(
        code="REC-104", where="_format" if form is not None else "Accept", got=repr(value),
        expected=f"{FHIR_JSON} of FHIR 4.0", fix="accept it",
        status=HTTPStatus.NOT_ACCEPTABLE, issue="not-supported",
    )  # fmt: skip


@lru_cache
def _is_for_us(value: str) -> bool:
    """Tell whether somebody who accepts this takes FHIR JSON."""
    for part in value.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = dict(_split_parameter(parameter) for parameter in parameters)
        if _accepts(media) and given.get("q", "1").strip("0.") and _is_r4(given):
            return True
    return False


def check_content_type(headers: Headers, accepted: tuple[str, ...]) -> None:
    """Refuse a body of another kind, another character set or a packed one."""
    value = headers.get("content-type", "")
    packed = headers.get("content-encoding", "identity").lower() != "identity"
    if not packed and _is_of(value, accepted):
        return
    got = f"content encoding {headers['content-encoding']!r}" if packed else repr(value) if value else "none"
    extra = {"Accept-Patch": PATCH_JSON} if PATCH_JSON in accepted else {"Accept-Post": FHIR_JSON}
    raise RequestError(
        code="REC-105", where="Content-Type", got=got, expected=f"{accepted[0]}, UTF-8, not packed",
        fix="send the body in that form",
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, issue="not-supported", headers=extra,
    )  # fmt: skip


@lru_cache
def _is_of(value: str, accepted: tuple[str, ...]) -> bool:
    """Tell whether a content type is one of these, in UTF-8 and of our version of FHIR."""
    media, *parameters = (piece.strip().lower() for piece in value.split(";"))
    given = dict(_split_parameter(parameter) for parameter in parameters)
    charset = given.get("charset", "utf-8").strip('"')
    return media in accepted and charset in ("utf-8", "utf8") and _is_r4(given)


def read_host(headers: Headers) -> str:
    """Return the host the client called us by."""
    host = headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise _bad(
            "host", repr(host), "a host name or address, with a port or without", "send the one called"
        )
    return host


def read_token(headers: Headers, name: str) -> str | None:
    """Return the id a client gave to a request, None without one."""
    value = headers.get(name)
    if value is not None and not _TOKEN.fullmatch(value):
        raise _bad(name, show(value), "up to 128 letters, digits and ._:~+/=-", "use a UUID")
    return value


def read_client(scope_client: tuple[str, int] | None) -> Who:
    """Name the caller as far as is known without a login: by address."""
    return Who(kind="address", id=scope_client[0] if scope_client else "unknown")


def to_etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'W/"{version}"'


def to_http_date(at_ms: int) -> str:
    """Return a moment as HTTP writes it."""
    return _write_date(at_ms // MS_PER_S)


@lru_cache
def _write_date(at_s: int) -> str:
    return format_datetime(datetime.fromtimestamp(at_s, UTC), usegmt=True)


def _read_version(name: str, value: str) -> int:
    match = _ETAG.fullmatch(value)
    if match is None:
        raise _bad(name, show(value), 'one version such as W/"3"', "send the ETag of the last read")
    return int(match[1])


def _accepts(media: str) -> bool:
    return media in ("*/*", "application/*", *JSON_TYPES)


def _is_r4(parameters: Mapping[str, str]) -> bool:
    return parameters.get("fhirversion", FHIR_VERSIONS[0]).strip('"') in FHIR_VERSIONS


def _split_parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _bad(name: str, got: str, expected: str, fix: str) -> RequestError:
    title = "-".join(part.capitalize() for part in name.split("-"))
    return RequestError(code="REC-103", where=title, got=got, expected=expected, fix=fix)

"""A page: a template filled in the reader's language, that loads and does only what is ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from oncopolis.web.pages.assets import find_address
from oncopolis.web.pages.codes import draw_code
from oncopolis.web.pages.languages import NAMES, find_words
from oncopolis.web.pages.moments import Moments

if TYPE_CHECKING:
    from jinja2 import Environment

UTC: Final = ZoneInfo("UTC")
MOST_LINKS: Final = 8  # structure: entries of the navigation in one line
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'{forms}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; `label` and `group` are translated already."""

    href: str
    label: str
    is_current: bool = False
    group: str = ""
    """What it is folded under where there are many; by itself if empty."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content of a page.

    Parameters
    ----------
    code
        Language of the reader, one of `languages.CODES`.
    house
        Name of the centre.
    is_shadow
        Whether the server is not approved for care.
    address_in
        Gives the address of this page in another language; without it there is no choice.
    zone
        Time zone of the centre.
    home
        Where the name of the centre leads; nowhere if empty.
    links
        Navigation of who is signed in.
    csrf
        What forms carry; without one nobody is signed in who could sign out.
    is_alive
        Whether the page loads the scripts that keep it up to date.
    """

    code: str
    house: str
    is_shadow: bool
    address_in: Callable[[str], str] | None = None
    zone: ZoneInfo = UTC
    home: str = ""
    links: Sequence[Link] = ()
    csrf: str = ""
    is_alive: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
    """What all templates of a room use besides."""

    @property
    def menus(self) -> list[tuple[str, list[Link]]]:
        """The navigation in groups where a line is too short for all: (name of the group or empty, links)."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            is_alone = len(self.links) <= MOST_LINKS or not link.group
            found.setdefault(f"/{link.href}" if is_alone else link.group, []).append(link)
        return [("" if len(links) == 1 else name, links) for name, links in found.items()]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """All languages with their names."""
        return list(NAMES.items())


def show(
    room: str, template: str, frame: Frame, status: int = HTTPStatus.OK, forms: str = "", **values: object
) -> Response:
    """Fill a template of a room of `web`.

    Templates find ``text`` and ``label`` (words), ``clock``, ``moment``, ``day`` and ``date`` (local time),
    ``asset`` (address of a file of a room), ``qr``, ``frame``, and the macros of ``components.html``.

    Parameters
    ----------
    forms
        Another site that a form of the page leads to in the end.
    """
    answer = HTMLResponse(fill(room, template, frame, **values), status)
    answer.headers["Content-Security-Policy"] = _POLICY.format(forms=f" {forms}" if forms else "")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def fill(room: str, template: str, frame: Frame, **values: object) -> Markup:
    """Fill a template, and return what comes out."""
    words, moments = find_words(frame.code), Moments(frame.zone, frame.code)
    filled = _get_environment(room).get_template(template).render(
        text=words.text, label=words.label, clock=moments.clock, moment=moments.moment, day=moments.day,
        date=moments.date,
        local=moments.to_local, frame=frame, code=frame.code,
        **{"told": "", "done": "", **frame.values, **values},
    )  # fmt: skip
    return Markup(filled)  # noqa: S704 - filled by templates that escape


def show_refusal(frame: Frame, status: int, told: str, back: tuple[str, str] | None = None) -> Response:
    """Show what was refused, and perhaps a way on: (address, what it says)."""
    return show("pages", "refused.html", frame, status, told=told, back=back)


def go(path: str) -> Response:
    """Send the reader on, by GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


@cache
def _get_environment(room: str) -> "Environment":
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    rooms = dict.fromkeys((room, "pages"))
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(f"oncopolis.web.{one}") for one in rooms]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"asset": find_address, "qr": draw_code}
    return environment

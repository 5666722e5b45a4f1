"""Where to see each page: the fullest of those to which links lead."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

Get: TypeAlias = Callable[[str], str]
"""From an address to the text of its page; empty if it is refused."""

MOST: Final = 12
"""How many pages of a kind are looked at."""
_HREF: Final = re.compile(r'(?:href|hx-get)="(/[^"#]+)"')
_UNIT: Final = re.compile(r'"((?:room|machine|place)\.[\w-]+\.\d+)"')
_PLACE: Final = "/live/labels/place/"
_BOARD: Final = "/board/"
_KIOSK: Final = "/kiosk/"
_PERSON: Final = '"/live/people/'
_PERSON_COUNTS: Final = 1000
"""How many signs of text a person is worth, so that a page with people is fuller than one with choices."""
_MAIN: Final = re.compile(r"<main\b.*</main>", re.DOTALL)


class Addresses:
    """Finds an address of each path of a table, by links alone.

    Parameters
    ----------
    paths
        As the tables have them, the one that answers first before others.
    asked
        Path -> address to open instead.
    """

    def __init__(self, paths: Iterable[str], asked: dict[str, str], get: Get) -> None:
        self._patterns = {path: _compile(path) for path in paths}
        self._asked, self._get = asked, get
        self._links: dict[str, dict[str, None]] = {path: {} for path in self._patterns}
        self._seen: dict[str, int] = {}

    def find(self) -> dict[str, str]:
        """Return path -> address of the fullest page; what no link leads to is left out."""
        while new := [one for one in self._list_candidates() if one not in self._seen]:
            for address in new:
                self._open(address)
        found = {}
        for path in self._patterns:
            listed = [one for one in self._list_of(path) if self._seen.get(one)]
            if listed:
                found[path] = max(listed, key=self._seen.__getitem__)
        return found

    def _open(self, address: str) -> None:
        text = self._get(address)
        main = _MAIN.search(text)
        self._seen[address] = len(main[0]) + _PERSON_COUNTS * main[0].count(_PERSON) if main else 0
        for link in _HREF.findall(text):
            self._keep(html.unescape(link))
            if link.startswith(_BOARD):
                self._keep(_KIOSK + link.removeprefix(_BOARD))
        for unit in dict.fromkeys(_UNIT.findall(text)):
            self._keep(_PLACE + unit)

    def _keep(self, link: str) -> None:
        path = link.partition("?")[0]
        kind = next((one for one, pattern in self._patterns.items() if pattern.fullmatch(path)), None)
        if kind is not None and "language=" not in link:
            self._links[kind][link] = None

    def _list_candidates(self) -> Iterator[str]:
        for path in list(self._patterns):
            yield from self._list_of(path)

    def _list_of(self, path: str) -> list[str]:
        """Addresses of a page: its own, links to it, and what lies below links to the page above it."""
        if path in self._asked or "{" not in path:
            return [self._asked.get(path, path)]
        above, _, last = path.rpartition("/")
        below = (
            [] if "{" in last else [f"{one.partition('?')[0]}/{last}" for one in self._links.get(above, {})]
        )
        return list(dict.fromkeys([*self._links[path], *below]))[:MOST]


def _compile(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", path)
    kinds = [".+" if ":path" in one else "[^/]+" for one in re.findall(r"\{[^}]*\}", path)]
    return re.compile("".join(re.escape(part) + kind for part, kind in zip(parts, [*kinds, ""], strict=True)))

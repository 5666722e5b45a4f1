"""Style, scripts and pictures: files beside the pages, under an address that changes with their bytes."""

import gzip
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oncopolis.web.declaring import PUBLIC, declare

PATH: Final = "/assets"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_SHORT: Final = "public, max-age=60"
_MARK = 12  # structure: hex digits that tell two versions of a file apart


def find_address(room: str, name: str) -> str:
    """Return the address of a file of a room of `web`, such as ``find_address("pages", "style.css")``."""
    return f"{PATH}/{room}/{name}?v={_read(room)[name][1]}"


def make_asset_routes() -> list[Route]:
    """The address of all files."""
    return [Route(f"{PATH}/{{room}}/{{name}}", declare(_serve, PUBLIC), methods=["GET"])]


def read_asset(room: str, name: str) -> bytes:
    """Return a file of a room, to be served at another address."""
    return _read(room)[name][0]


async def _serve(request: Request) -> Response:
    room, name = request.path_params["room"], request.path_params["name"]
    found = _read(room).get(name) if room in _list_rooms() else None
    if found is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    body, mark, packed = found
    headers = {
        "Content-Type": _TYPES[name[name.rindex(".") :]],
        "Cache-Control": _FOREVER if request.query_params.get("v") == mark else _SHORT,
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body, headers=headers)


@cache
def _list_rooms() -> frozenset[str]:
    return frozenset(
        room.name for room in files("oncopolis.web").iterdir() if room.joinpath("assets").is_dir()
    )


@cache
def _read(room: str) -> dict[str, tuple[bytes, str, bytes]]:
    """Files of a room by name: their bytes, the mark of these, and them packed."""
    found = {}
    for file in files("oncopolis.web").joinpath(room, "assets").iterdir():
        if file.name.endswith(tuple(_TYPES)):
            body = file.read_bytes()
            found[file.name] = (body, sha256(body).hexdigest()[:_MARK], gzip.compress(body, mtime=0))
    return found

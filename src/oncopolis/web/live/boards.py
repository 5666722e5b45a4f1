"""Tumour boards: the agenda of a day, what each case asks, and what the board has decided."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations.board import list_agenda, tell_case
from oncopolis.operations.board.views import Case
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.floor import Floor
from oncopolis.operations.sharing import read_opinions
from oncopolis.web.live.doing import HOME, add_query, perform_said
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.sharing import name_writers
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import find_words, go

_MEMBER: Final = "member-"


def show_board(station: Station, visit: Visit) -> Response:
    """The agenda of a board on a day."""
    today = station.house.to_local(station.now_ms).date()
    names = Names(station.house, find_words(visit.language))
    known = station.live.ask(lambda floor: list(floor.list(Case)))
    boards = sort_by_name((key, names.activity(key)) for key in {one.board for one in known})
    board = visit.query.get("board", "") or next((key for key, _ in boards), "")
    day = read_day(visit.query.get("day", ""), today)

    def look(floor: Floor) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
        cases = [tell_case(floor, one) for one in list_agenda(floor, board, day)]
        posts: dict[str, list[str]] = {}
        for post in floor.list(Post):
            posts.setdefault(post.role, []).append(post.practitioner)
        return cases, posts

    cases, posts = station.live.ask(look)
    opinions = {one["case"]: station.live.store.ask(partial(read_opinions, one["case"])) for one in cases}
    card = station.house.cards.get(board)
    resources = station.house.centre.resources
    roles = [key for key in (card.holds if card else ()) if resources[key].kind == "role"]
    return show(
        station, visit, "board.html", topics=["case", "opinion"], opinions=opinions,
        called=name_writers(station, visit, [], [one for each in opinions.values() for one in each]),
        boards=boards, board=board, on=day, cases=cases,
        days=sorted({one.day for one in known if one.board == board}), today=today,
        people=station.people.find_names({one["patient"] for one in cases}, visit.language),
        roles=[(key, names.words.label(resources[key].label), posts.get(key, [])) for key in roles],
    )  # fmt: skip


def read_day(text: str, otherwise: date) -> date:
    """Return the day an address names; `InputError` if it is none (WEB-002)."""
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise InputError(
            code="WEB-002", where="address", got=text[:20], expected="a day", fix="correct it"
        ) from None


def take_decision(station: Station, visit: Visit) -> Response:
    """Record what a board has decided about a case."""
    form = visit.form
    back = find_local(form.get("back", ""), HOME)
    try:
        perform_said(station, visit, "decide_case", read_decision(form), form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    return go(add_query(back, done="decide_case"))


def read_decision(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says of a decision: who was there, and the answer to the next question."""
    said: dict[str, Any] = {
        "case": form.get("case", ""),
        "present": [
            {"practitioner": person, "role": name.removeprefix(_MEMBER)}
            for name, person in form.items()
            if name.startswith(_MEMBER) and person
        ],
        "summary": form.get("summary", ""),
        "despite": form.get("despite", ""),
    }
    if form.get("to"):
        said["answers"] = [
            {
                "step": form.get("step", ""),
                "part": form.get("part", "gate"),
                "to": form["to"],
                "reasons": form.get("reasons", "").splitlines(),
                "at_hand": form.get("at_hand", "").splitlines(),
                "despite": form.get("despite_needs", ""),
            }
        ]
    return said

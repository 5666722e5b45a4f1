"""The act `hold_posts`: a practitioner holds these posts from now on, and no others."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.indexes import Posts
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.house.naming import make_id
from oncopolis.operations.views import Record
from oncopolis.record.store.reading import Reading

_MOST: Final = 100  # structure: roles or departments of one person
Keys = Annotated[tuple[Identifier, ...], Field(max_length=_MOST)]


class HoldPosts(Frozen):
    """Which posts of the definition somebody holds; whoever decides a branch must hold the one it names."""

    practitioner: Id
    """Practitioner; a record is made if there is none."""
    name: Words = ""
    """What they are called, where there is no record yet."""
    roles: Keys = ()
    """Roles of the definition; posts of others end."""
    areas: Keys = ()
    """Departments they work in; everywhere if left out."""


def hold_posts(floor: Floor, asked: HoldPosts, _moment: Moment) -> Decision:
    """Let somebody hold these posts and no others."""
    places = tuple(_name_place(floor.house, area) for area in asked.areas)
    wanted = {_name_post(asked.practitioner, role): role for role in _check_roles(floor.house, asked.roles)}
    held = {post.id: post for post in floor.index(Posts).list_of(asked.practitioner)}
    kept = [
        replace(held[id_], places=places)
        if id_ in held
        else Post(id_, asked.practitioner, role, places=places)
        for id_, role in wanted.items()
    ]
    ended = [replace(post, is_open=False) for id_, post in held.items() if id_ not in wanted]
    changed = [post for post in (*kept, *ended) if held.get(post.id) != post]
    is_there = floor.look(partial(_has_record, asked.practitioner), False)
    records = () if is_there else (_make_practitioner(asked),)
    answer = {"practitioner": asked.practitioner, "posts": [post.id for post in kept]}
    return Decision(tuple(changed), records, answer=answer)


def _check_roles(house: House, roles: tuple[str, ...]) -> tuple[str, ...]:
    known = {key for key, one in house.centre.resources.items() if one.kind == "role"}
    for role in roles:
        if role not in known:
            raise InputError(
                code="OPS-010", where=f"role {role:.80}", got="no role of the definition",
                expected=", ".join(sorted(known)), fix="choose one of them",
            )  # fmt: skip
    return tuple(dict.fromkeys(roles))


def _name_place(house: House, area: str) -> str:
    if area not in house.centre.departments:
        raise InputError(
            code="OPS-011", where=f"department {area:.80}", got="no department of the definition",
            expected=", ".join(house.centre.departments), fix="choose one of them",
        )  # fmt: skip
    return make_id("department", area)


def _name_post(practitioner: str, role: str) -> str:
    """Return the id of a post, the same whenever somebody takes it again."""
    return make_id("post", practitioner, role)


def _has_record(practitioner: str, reading: Reading) -> bool:
    found = reading.read("Practitioner", practitioner)
    return found is not None and found.body is not None


def _make_practitioner(asked: HoldPosts) -> Record:
    record: Record = {"resourceType": "Practitioner", "id": asked.practitioner, "active": True}
    return record | ({"name": [{"text": asked.name}]} if asked.name.strip() else {})


ACTS: Final = (Act("hold_posts", HoldPosts, hold_posts, ("Practitioner", "PractitionerRole")),)

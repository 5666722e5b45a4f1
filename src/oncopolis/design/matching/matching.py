"""Which space is which room of the programme, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from oncopolis.design.matching.mapping import NONE
from oncopolis.design.matching.words import normalise
from oncopolis.design.model import Building, Space
from oncopolis.design.required import Programme, RoomType

CERTAIN = 100.0  # structure: a score of a hundred is certainty
ENOUGH = 80.0  # structure: scores of names run to 100; below this a person decides
NEAR = 55.0  # structure: scores of names run to 100; below this nobody would think of it
_CODED = 12.0  # structure: what a shared class adds to a score
_SAME_DEPARTMENT, _OTHER_DEPARTMENT = 8.0, -25.0  # structure: what the department adds to a score
_N_NEAR = 3  # structure: how many suggestions are told
_REFERENCES = (".Reference", ".RoomType", ".RoomId", ".Room", ".ProgrammeId")


@dataclass(frozen=True, slots=True)
class Match:
    """A space and the room of the programme it is taken for."""

    space: str
    room: str
    score: float
    reason: str


@dataclass(frozen=True)
class Matches:
    """What was matched, and what else was near for the rest."""

    by_space: Mapping[str, Match]
    near: Mapping[str, tuple[Match, ...]] = field(default_factory=dict)
    by_room: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Room type -> its spaces."""


def match_spaces(
    building: Building, programme: Programme, settled: Mapping[str, str], skipped: Iterable[str] = ()
) -> Matches:
    """Match spaces to the rooms of a programme.

    A line of the mapping file decides; then a property that names the room; then the name in any language,
    helped by classification and department.

    Parameters
    ----------
    building
        What was read.
    programme
        What is wanted.
    settled
        Space (GlobalId or number) -> room, as people have settled it.
    skipped
        Spaces that are corridors and the like.
    """
    matcher = _Matcher(programme)
    left_out = set(skipped)
    by_space: dict[str, Match] = {}
    near: dict[str, tuple[Match, ...]] = {}
    by_room: dict[str, list[str]] = {}
    for space in building.spaces:
        chosen = settled.get(space.id) or settled.get(space.name)
        if chosen == NONE:
            continue
        found: Match | None
        others: tuple[Match, ...] = ()
        if chosen:
            found = Match(space.id, chosen, CERTAIN, "mapping file")
        elif space.id in left_out:
            found = matcher.find_reference(space)
        else:
            found, others = matcher.find(space)
        if found:
            by_space[space.id] = found
            by_room.setdefault(found.room, []).append(space.id)
        elif others:
            near[space.id] = others
    return Matches(by_space, near, {room: tuple(spaces) for room, spaces in by_room.items()})


class _Matcher:
    def __init__(self, programme: Programme) -> None:
        self._rooms = programme.room_types
        self._known = {room.id: room.id for room in programme.rooms}
        self._known |= {name: room.id for room in programme.rooms for name in room.list_room_ids()}
        self._labels = [
            (normalise(label), label, room)
            for room in programme.rooms
            for label in dict.fromkeys(room.labels.values())
        ]
        self._codes: dict[str, set[str]] = {}
        for room in programme.rooms:
            for code in room.codes:
                self._codes.setdefault(code.code, set()).add(room.id)
        self._departments = {
            part.id: tuple(normalise(label) for label in (part.id.replace("_", " "), *part.labels.values()))
            for part in programme.departments
        }
        self._named: dict[str, str] = {}
        self._seen: dict[tuple[str, tuple[str, ...], str], tuple[tuple[float, str, str], ...]] = {}

    def find_reference(self, space: Space) -> Match | None:
        """Return the room that a property of a space names."""
        for key, value in space.facts.items():
            if key.endswith(_REFERENCES) and str(value) in self._known:
                return Match(space.id, self._known[str(value)], CERTAIN, f"named by {key}: {value}")
        return None

    def find(self, space: Space) -> tuple[Match | None, tuple[Match, ...]]:
        """Return the room a space is taken for, or what comes near."""
        if found := self.find_reference(space):
            return found, ()
        codes = tuple(code.code for code in space.codes)
        key = (normalise(space.long_name or space.name), codes, space.department)
        if key not in self._seen:
            self._seen[key] = self._score(*key)
        scored = [Match(space.id, room, score, reason) for score, room, reason in self._seen[key]]
        if scored and scored[0].score >= ENOUGH:
            return scored[0], ()
        return None, tuple(scored)

    def _score(
        self, name: str, codes: tuple[str, ...], department: str
    ) -> tuple[tuple[float, str, str], ...]:
        if not name:
            return ()
        coded = set().union(*(self._codes.get(code, set()) for code in codes))
        home = self._find_department(department)
        best: dict[str, tuple[float, str, str]] = {}
        for words, label, room in self._labels:
            score = (fuzz.token_sort_ratio(name, words) + fuzz.token_set_ratio(name, words)) / 2
            if score < NEAR:
                continue
            reason = f"name {score:.0f} of 100 ({label})"
            score, reason = self._add(score, reason, room, coded, home)
            if score >= NEAR and score > best.get(room.id, (0.0,))[0]:
                best[room.id] = (min(score, CERTAIN), room.id, reason)
        return tuple(sorted(best.values(), key=lambda one: (-one[0], one[1]))[:_N_NEAR])

    @staticmethod
    def _add(score: float, reason: str, room: RoomType, coded: set[str], home: str) -> tuple[float, str]:
        if room.id in coded:
            score, reason = score + _CODED, f"{reason}, of the class {room.codes[0].code}"
        if home:
            same = room.department == home
            score += _SAME_DEPARTMENT if same else _OTHER_DEPARTMENT
            reason += f", in {'its' if same else 'another'} department"
        return score, reason

    def _find_department(self, name: str) -> str:
        if name not in self._named:
            words = normalise(name)
            scored = [
                (max(fuzz.token_sort_ratio(words, label) for label in labels), key)
                for key, labels in self._departments.items()
            ]
            score, key = max(scored, default=(0.0, ""))
            self._named[name] = key if words and score >= ENOUGH else ""
        return self._named[name]

"""A review as a plain document: what its JSON, page, workbook and BCF files are made of."""

from collections import Counter
from typing import Any

from oncopolis.design.matching import NOT_FLOOR
from oncopolis.design.review.review import Group, Review, Tally
from oncopolis.design.rules import Outcome, Thing
from oncopolis.design.snapshots import take_snapshots

Document = dict[str, Any]


def to_document(review: Review, project: str, today: str) -> Document:
    """Return a review as plain data.

    Parameters
    ----------
    review
        Review.
    project
        Name of the project; of the building where there is none.
    today
        Day of the review, ISO 8601.
    """
    case = review.case
    return {
        "kind": "review",
        "project": {"name": project},
        "day": today,
        "is_failing": review.is_failing,
        "packs": list(review.packs),
        "building": _write_building(review),
        "rules": [_write_tally(tally) for tally in review.tallies],
        "groups": [_write_group(group) for group in review.groups],
        "findings": [group.to_finding().model_dump(mode="json") for group in review.groups],
        "programme": _write_programme(review),
        "matches": [
            {"space": match.space, "room": match.room, "score": match.score, "reason": match.reason}
            for match in case.matches.by_space.values()
        ],
        "near": {
            space: [{"room": one.room, "score": one.score, "reason": one.reason} for one in near]
            for space, near in case.matches.near.items()
        },
        "spaces": _write_spaces(review),
        "unused_waivers": [waiver.model_dump(mode="json") for waiver in review.unused_waivers],
    }


def _write_building(review: Review) -> Document:
    building, roles = review.case.building, review.case.role_of
    outer = [space for space in building.spaces if not building.list_wholes(space.id)]
    floor = [space for space in outer if roles.get(space.id) not in NOT_FLOOR]
    rooms = [space for space in floor if not roles.get(space.id)]
    return {
        "title": building.title,
        "files": [
            {
                "name": source.name,
                "format": source.format,
                "project": source.project,
                "made_by": source.made_by,
                "size_bytes": source.size_bytes,
                "digest": source.digest,
                "units": list(source.units),
            }
            for source in building.files
        ],
        "storeys": [
            {"id": storey.id, "name": storey.name, "elevation_m": storey.elevation_m}
            for storey in building.storeys
        ],
        "n_spaces": len(building.spaces),
        "n_doors": len(building.doors),
        "floor_m2": sum(space.area.value for space in floor if space.area),
        "rooms_m2": sum(space.area.value for space in rooms if space.area),
        "area_places": dict(
            Counter(space.area.place if space.area else "none" for space in building.spaces).most_common()
        ),
        "joined_by": dict(Counter(door.joined_by or "nothing" for door in building.doors).most_common()),
    }


def _write_tally(tally: Tally) -> Document:
    rule = tally.rule
    return {
        "id": rule.id,
        "pack": tally.pack,
        "severity": rule.severity,
        "message": rule.message,
        "fix": rule.fix,
        "source": rule.source,
        "clause": rule.clause,
        "dated": rule.dated.isoformat() if rule.dated else None,
        "standing": rule.standing,
        "n_passed": tally.n_passed,
        "n_failed": tally.n_failed,
        "n_unknown": tally.n_unknown,
        "n_waived": tally.n_waived,
        "n_known": tally.n_known,
    }


def _write_group(group: Group) -> Document:
    return {
        "id": group.id,
        "rule": group.rule.id,
        "severity": group.rule.severity,
        "state": group.state,
        "message": group.rule.message,
        "expected": group.expected,
        "actual": group.tell_actual(),
        "fix": group.rule.fix,
        "n": len(group.outcomes),
        "waiver": group.waiver.model_dump(mode="json") if group.waiver else None,
        "is_expired": group.is_expired,
        "outcomes": [_write_outcome(outcome) for outcome in group.outcomes],
    }


def _write_outcome(outcome: Outcome) -> Document:
    return {
        "actual": outcome.actual,
        "expected": outcome.expected,
        "things": [_write_thing(thing) for thing in outcome.things],
    }


def _write_thing(thing: Thing) -> Document:
    return {"id": thing.id, "words": thing.words, "storey": thing.storey, "kind": thing.kind}


def _write_programme(review: Review) -> list[Document]:
    case = review.case
    if case.programme is None:
        return []
    listed = []
    for room in case.programme.rooms:
        spaces = [case.building.space_by_id[space] for space in case.matches.by_room.get(room.id, ())]
        listed.append(
            {
                "id": room.id,
                "department": room.department,
                "label": room.labels["en"],
                "n": room.n,
                "area_m2": room.area_m2.value,
                "n_found": len(spaces),
                "found_m2": sum(space.area.value for space in spaces if space.area),
            }
        )
    return listed


def _write_spaces(review: Review) -> list[Document]:
    case = review.case
    snapshots = take_snapshots(case.building)
    return [
        {
            "id": space.id,
            "words": space.words,
            "number": space.name,
            "name": space.long_name,
            "storey": space.storey,
            "role": case.role_of.get(space.id, ""),
            "area_m2": snapshots[space.id].area_m2,
            "area_from": space.area.place if space.area else "",
            "digest": snapshots[space.id].digest,
            "outline": [list(point) for point in space.outline],
        }
        for space in case.building.spaces
    ]

"""Our own concept of a proton centre passes; two hundred faults put into it are found, and nothing else."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import ifcopenshell
import pytest
from tests.faults import FOLLOWS, Fault, Faults
from tests.shared import share_folder, share_programme

from oncopolis.design import Programme
from oncopolis.design.concept import to_bytes
from oncopolis.design.layout import make_layout
from oncopolis.design.reading import read_models
from oncopolis.design.review import Review, Ruling, make_case, make_review, to_document
from oncopolis.design.rules import HOUSE, find_pack
from oncopolis.report.review import REVIEW_FILES, write_review

KEPT = {
    "radiotherapy",
    "proton",
    "brachytherapy",
    "imaging",
    "surgery",
    "sterile_supply",
    "support",
    "intensive_care",
}
N_EACH, N_FAULTS = 10, 200
TODAY = date(2026, 1, 1)

Said = set[tuple[str, str]]


def keep_departments(whole: Programme) -> Programme:
    """Leave out departments, so that the model is a proton centre with what it cannot do without."""
    blocks = tuple(
        replace(block, departments=tuple(name for name in block.departments if name in KEPT))
        for block in whole.blocks
    )
    return replace(
        whole,
        departments=tuple(part for part in whole.departments if part.id in KEPT),
        rooms=tuple(room for room in whole.rooms if room.department in KEPT),
        equipment=tuple(item for item in whole.equipment if item.department in KEPT),
        links=tuple(link for link in whole.links if set(link.between) <= KEPT),
        blocks=tuple(block for block in blocks if block.departments),
    )


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return keep_departments(share_programme(tmp_path_factory))


@pytest.fixture(scope="module")
def clean(programme: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def write(folder: Path) -> None:
        (folder / "concept.ifc").write_bytes(to_bytes(make_layout(programme)))

    return share_folder(tmp_path_factory, "clean_concept", write) / "concept.ifc"


def review(path: Path, programme: Programme) -> Review:
    case = make_case(read_models([path]), programme, {}, None)
    return make_review(case, [find_pack(name) for name in HOUSE], Ruling(TODAY))


def list_said(made: Review) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield rule and things of every finding that is an error or a warning."""
    for group in made.groups:
        if group.state == "failed" and group.rule.severity != "note":
            for outcome in group.outcomes:
                yield group.rule.id, frozenset(thing.id.split("~")[0] for thing in outcome.things)


@pytest.fixture(scope="module")
def reviewed(programme: Programme, clean: Path) -> Review:
    return review(clean, programme)


def test_the_clean_concept_has_neither_error_nor_warning(reviewed: Review, tmp_path: Path) -> None:
    assert list(list_said(reviewed)) == []
    written = write_review(to_document(reviewed, "Test", TODAY.isoformat()), tmp_path / "out", language="ru")
    assert [path.name for path in written] == list(REVIEW_FILES)


def test_every_fault_is_found(
    programme: Programme,
    clean: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    model = ifcopenshell.open(clean)
    homes = {space.GlobalId: _list_homes(space) for space in model.by_type("IfcSpace")}
    faults = Faults(model).inject(N_EACH)
    assert len(faults) >= N_FAULTS
    model.write(str(tmp_path / "faulty.ifc"))
    said = list(list_said(review(tmp_path / "faulty.ifc", programme)))
    missed = [fault for fault in faults if not any(_tells(fault, *one) for one in said)]
    wrong = [one for one in said if not any(_explains(fault, homes, *one) for fault in faults)]
    record_property("recall", f"{len(faults) - len(missed)} of {len(faults)}")
    record_property("precision", f"{len(said) - len(wrong)} of {len(said)}")
    assert missed == []
    assert wrong == []


def _list_homes(space: Any) -> frozenset[str]:
    """Return room type and department of a space, and the spaces next door."""
    zones = {relation.RelatingGroup.Name for relation in space.HasAssignments}
    doors = [one.RelatedBuildingElement for one in space.BoundedBy]
    joined = {
        other.RelatingSpace.GlobalId
        for door in doors
        if door.is_a("IfcDoor")
        for other in door.ProvidesBoundaries
    }
    return frozenset({space.ObjectType, *zones, *joined})


def _tells(fault: Fault, rule: str, things: frozenset[str]) -> bool:
    return rule.startswith(fault.rule) and bool(fault.ids & things)


def _explains(fault: Fault, homes: Mapping[str, frozenset[str]], rule: str, things: frozenset[str]) -> bool:
    if _tells(fault, rule, things):
        return True
    places = fault.ids.union(*(homes.get(key, frozenset()) for key in fault.ids))
    places |= {key for key, home in homes.items() if fault.ids & home and key in things}
    follows = FOLLOWS.get(fault.rule, set())
    return any(rule.startswith(one) for one in follows) and bool(places & things)

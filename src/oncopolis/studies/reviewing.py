"""From a project and the models of an architect to a review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from oncopolis.centre import read_project
from oncopolis.design import make_programme
from oncopolis.design.ids import check_ids
from oncopolis.design.matching import read_mapping
from oncopolis.design.programme import Translate
from oncopolis.design.reading import read_models
from oncopolis.design.review import (
    Ruling,
    make_case,
    make_review,
    read_baseline,
    read_waivers,
    to_document,
)
from oncopolis.design.rules import HOUSE, find_pack
from oncopolis.design.snapshots import read_older
from oncopolis.foundation import Collector, OncopolisError
from oncopolis.planning import make_plan
from oncopolis.planning.plan import Progress

_REVISION = "revision"


@dataclass(frozen=True)
class Asked:
    """What a review is made with beside its project and models."""

    rules: tuple[str, ...] = ()
    """Packs or files of rules beside those of the house."""
    ids: tuple[Path, ...] = ()
    mapping: Path | None = None
    waivers: Path | None = None
    baseline: Path | None = None
    against: tuple[Path, ...] = ()


def review_project(
    folder: Path,
    models: Sequence[Path],
    asked: Asked,
    *,
    settings: Mapping[str, str],
    translate: Translate,
    today: date,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Plan a project, read models of its building, and return the review of them as a document.

    Parameters
    ----------
    folder
        Project folder.
    models
        IFC files and COBie workbooks of the building.
    asked
        Rules, settled matches, waivers, an earlier review, an older revision.
    settings
        ``KEY=VALUE`` of the command line.
    translate
        Gives labels in the languages of the house.
    today
        Day that waivers are judged by.
    on_progress
        Told what is done and which share of the whole is behind.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project, the models or the other files.
    """
    advance = on_progress or (lambda _doing, _done: None)
    advance("reading the rules", 0.0)
    faults = Collector()
    packs = []
    for name in dict.fromkeys((*HOUSE, *((_REVISION,) if asked.against else ()), *asked.rules)):
        try:
            packs.append(find_pack(name))
        except OncopolisError as error:
            faults.add(error)
    faults.raise_if_any()
    waivers = read_waivers(asked.waivers) if asked.waivers else ()
    baseline = read_baseline(asked.baseline) if asked.baseline else set()
    advance("planning", 0.1)  # structure: share of the bar
    programme = make_programme(make_plan(read_project(folder, settings), n_draws=0, seed=0), translate)
    settled = read_mapping(asked.mapping, programme.room_types) if asked.mapping else {}
    advance("reading the models", 0.3)  # structure: share of the bar
    building = read_models(models)
    older = read_older(asked.against) if asked.against else None
    advance("applying the rules", 0.7)  # structure: share of the bar
    case = make_case(building, programme, settled, older)
    steps = [path for path, source in zip(models, building.files, strict=True) if source.format != "COBie"]
    decided = check_ids(asked.ids, steps, building) if asked.ids else []
    review = make_review(case, packs, Ruling(today, waivers, baseline), decided)
    return to_document(review, programme.project, today.isoformat())

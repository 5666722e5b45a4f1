"""The clinic with times of its own for results, for tests of work lists."""

from dataclasses import replace

from tests.courses import get_course_house

from oncopolis.operations import House

USUAL, URGENT = "result.turnaround.usual", "result.turnaround.urgent"


def make_result_house(hours: dict[str, float]) -> House:
    """The clinic with rows of its own: key -> hours."""
    house = get_course_house()
    project = house.equipped.project
    row = project.evidence.rows[f"{USUAL}.endoscopy"]
    rows = {key: row.model_copy(update={"value": value}) for key, value in hours.items()}
    evidence = project.evidence.with_rows(rows, dict.fromkeys(rows, "test"))
    return replace(house, equipped=replace(house.equipped, project=replace(project, evidence=evidence)))

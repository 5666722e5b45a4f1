"""Project folders for tests of what commands and studies do with the twin."""

from pathlib import Path

PROJECTS = Path(__file__).parent / "projects"

_ROW = "source: test, status: assumption, opened: false, note: made up"
TARGETS = f"""targets:
  talked:
    label: Talk within a quarter of an hour
    of: wait
    at: activity.talk
    within: {{label: Longest wait, value: 15, unit: min, {_ROW}}}
    share: {{label: Share within, value: 0.9, unit: share, per: case, {_ROW}}}
  busy:
    label: Doctors not overloaded
    of: utilisation
    at: resource.doctor
    share: {{label: Most in use, value: %s, unit: share, per: case, {_ROW}}}
"""


def make_clinic(folder: Path, most_in_use: float = 0.5) -> Path:
    """Write the small clinic with a target of waits and one of use."""
    project = folder / "clinic"
    project.mkdir()
    text = (PROJECTS / "clinic" / "centre.yaml").read_text("utf-8")
    (project / "centre.yaml").write_text(text + TARGETS % most_in_use, "utf-8")
    return project

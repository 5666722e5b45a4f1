# ruff: noqa: E501 -- one case a line
"""Bad input of every kind: a clear message that names the place, exit code 2, no traceback, and nothing written."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from oncopolis.centre import copy_example
from oncopolis.cli import entry

CLINIC = Path(__file__).parents[1] / "projects" / "clinic" / "centre.yaml"
CSV = "cases.csv"
TWO_GB = 2 << 30

Capture = pytest.CaptureFixture[str]


def make_project(folder: Path, changes: Mapping[str, str], files: Mapping[str, str | bytes]) -> Path:
    """Write the small clinic with texts replaced, and further files beside it."""
    text = CLINIC.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    project = folder / "project"
    project.mkdir()
    (project / "centre.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return project


def refuse(project: Path, out: Path, capture: Capture, *options: str) -> str:
    """Plan a project that cannot be planned, and return what is said."""
    code = entry.run(["plan", str(project), "--out", str(out), "--draws", "0", *options])
    told = capture.readouterr()
    assert code == 2, told.err
    assert not told.out
    assert "Traceback" not in told.err
    assert not out.is_dir() or not list(out.iterdir())
    return told.err


def take(kind: str, file: str = CSV) -> dict[str, str]:
    """Let the region read a CSV of the project folder."""
    key = "population" if kind == "wpp" else "incidence"
    return {"UZB\n      people": f"UZB\n      {key}: {{file: {file}, format: {kind}}}\n      people"}


BRANCH = "- {to: end, share: rest}\n  short:"

WRONG_PROJECTS: dict[str, tuple[dict[str, str], str, str]] = {
    "negative population": ({"Inhabitants, value: 500000": "Inhabitants, value: -500000"}, r"centre\.yaml:26: catchment\.populations\.region\.people", "above 0"),
    "no people": ({"Inhabitants, value: 500000": "Inhabitants, value: 0"}, r"centre\.yaml:26", "above 0"),
    "missing population": ({"Inhabitants, value: 500000": "Inhabitants"}, r"centre\.yaml:26", "add 'value'"),
    "population in words": ({"Inhabitants, value: 500000": "Inhabitants, value: many"}, r"centre\.yaml:26", "a valid number"),
    "unknown site code": ({"cohorts:\n  breast": "cohorts:\n  brest"}, r"centre\.yaml:38: cohorts\.brest", "such as breast"),
    "branch below 1": ({BRANCH: "- {to: end, share: {evidence: test.tenth}}\n  short:"}, r"centre\.yaml:\d+: pathways\.care\.steps\[3\]\.next", "sum to 0.3"),
    "stages above 1": ({"share: rest, pathway": "share: {evidence: test.half}, pathway"}, r"centre\.yaml:\d+: cohorts\.breast\.stages", "sum to 1.1"),
    "loop without an end": ({"comes again, value: 0.2": "comes again, value: 1.0"}, r"centre\.yaml:\d+: pathways\.care\.steps\[3\]", "stopping probability"),
    "unit that does not fit": ({"duration: {evidence: test.hours}": "duration: {evidence: test.area}"}, r"centre\.yaml:77: activities\.operation\.phases\[0\]\.duration", "test.area in 'm2'"),
    "unknown unit": ({"value: 2, unit: hour,": "value: 2, unit: hours,"}, r"centre\.yaml:\d+: evidence\.test\.hours\.unit", "'hour'"),
    "share above 1": ({"value: 0.6, low: 0.5, high: 0.7": "value: 1.2"}, r"centre\.yaml:42: cohorts\.breast\.stages\.i\.share", "from 0 to 1"),
    "range upside down": ({"value: 0.6, low: 0.5, high: 0.7": "value: 0.6, low: 0.7, high: 0.5"}, r"centre\.yaml:42", "low <= value <= high"),
    "unknown key": ({"    label: Talk\n": "    label: Talk\n    departmnt: ward\n"}, r"centre\.yaml:63: activities\.talk\.departmnt", "did you mean 'department'"),
    "unknown section": ({"\ncohorts:": "\ncohorst:"}, r"centre\.yaml:37: cohorst", "did you mean 'cohorts'"),
    "unknown key of a number": ({"duration: {evidence: test.hours}": "duration: {evidnce: test.hours}"}, r"centre\.yaml:77", "did you mean 'evidence'"),
    "tab": ({"  breast:\n    label": "\tbreast:\n    label"}, r"centre\.yaml:38", "check indentation"),
    "horizon reversed": ({"first: 2026, last: 2030": "first: 2030, last: 2026"}, r"centre\.yaml:4: horizon", "`last` not before `first`"),
    "opening after the plan": ({"year: 2026, sized_for: 2028": "year: 2036, sized_for: 2038"}, r"centre\.yaml:6: openings\[0\]\.year", "ends in 2030"),
    "beyond the projection": ({"last: 2030": "last: 2060"}, r"centre\.yaml:4: horizon\.last", "up to 2050"),
    "sized beyond the projection": ({"sized_for: 2028": "sized_for: 2060"}, r"centre\.yaml:6: openings\[0\]\.sized_for", "up to 2050"),
    "country without figures": ({"UZB\n      people": "FRO\n      people"}, r"centre\.yaml:25", "'FRO'"),
    "key of evidence": ({"duration: {evidence: test.hours}": "duration: {evidence: test.hour}"}, r"centre\.yaml:77", "test.hours"),
    "key twice": ({"    label: Talk\n": "    label: Talk\n    label: Talks\n"}, r"centre\.yaml:63: activities\.talk\.label", "first at line 62"),
    "missing file": (take("globocan"), r"cases\.csv", "No such file"),
    "missing file of people": (take("wpp"), r"cases\.csv", "No such file"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG_PROJECTS)
def test_wrong_projects_are_refused(kind: str, tmp_path: Path, capsys: Capture) -> None:
    """A project with one thing wrong is refused with file, line, key, and what to do."""
    changes, where, told = WRONG_PROJECTS[kind]
    said = refuse(make_project(tmp_path, changes, {}), tmp_path / "out", capsys)
    assert re.search(where, said), said
    assert told in said
    assert len(said.splitlines()) <= 2, said


HEAD = "Alpha-3 code,Cancer code,Label,Number\n"
AGES = "ISO3_code,Time,AgeGrpStart,PopFemale,PopMale\n"

WRONG_TABLES: dict[str, tuple[str, str | bytes, str, str]] = {
    "41 beside its parts": ("globocan", HEAD + "UZB,41,Colorectum,9\nUZB,8,Colon,4\nUZB,9,Rectum,4\nUZB,10,Anus,1\n", r"cases\.csv:2", "delete row 41"),
    "41 without its parts": ("globocan", HEAD + "UZB,41,Colorectum,9\nUZB,8,Colon,4\n", r"cases\.csv:2", "cannot be divided"),
    "negative cases": ("globocan", HEAD + "UZB,20,Breast,-5\n", r"cases\.csv:2: Number", "0 or more"),
    "unknown code": ("globocan", HEAD + "UZB,77,Breast,5\n", r"cases\.csv:2: Cancer code", "1 to 41"),
    "another country": ("globocan", HEAD + "KAZ,20,Breast,5\n", r"cases\.csv: population 'UZB'", "KAZ"),
    "no case at all": ("globocan", HEAD + "UZB,20,Breast,0\n", r"cases\.csv:2", "at least one case"),
    "not UTF-8": ("globocan", HEAD.encode() + "UZB,20,Грудь,5\n".encode("cp1251"), r"cases\.csv:2: byte 8", "UTF-8"),
    "UTF-16": ("globocan", (HEAD + "UZB,20,Breast,5\n").encode("utf-16"), r"cases\.csv:1", "UTF-8"),
    "empty registry": ("registry", "site,sex,cases\n", r"cases\.csv", "at least one row"),
    "registry of nothing": ("registry", "site,sex,cases\nbreast,f,0\n", r"cases\.csv", "without a case"),
    "empty file": ("registry", "", r"cases\.csv", "an empty file"),
    "unknown site": ("registry", "site,cases\nbrest,4\n", r"cases\.csv:2: site", "near: breast"),
    "sum in a registry": ("registry", "site,cases\ncolorectum,4\n", r"cases\.csv:2", "twice"),
    "missing people": ("wpp", AGES + "UZB,2022,0,,5\n", r"cases\.csv:2: PopFemale", "got nothing"),
    "negative people": ("wpp", AGES + "UZB,2022,0,5,-5\n", r"cases\.csv:2: PopMale", "0 or more"),
    "gaps between ages": ("wpp", AGES + "UZB,2022,0,5,5\nUZB,2022,10,5,5\n", r"cases\.csv:2", "every single year"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG_TABLES)
def test_wrong_tables_are_refused(kind: str, tmp_path: Path, capsys: Capture) -> None:
    """A table with something wrong is refused with its name, line and column."""
    form, content, where, told = WRONG_TABLES[kind]
    said = refuse(make_project(tmp_path, take(form), {CSV: content}), tmp_path / "out", capsys)
    assert re.search(where, said), said
    assert told in said


@pytest.mark.parametrize("form", ["globocan", "registry", "wpp"])
def test_a_table_of_two_gigabytes_is_refused_unread(form: str, tmp_path: Path, capsys: Capture) -> None:
    """A file of 2 GB (sparse, so that it costs no disk) is refused by its size before it is read."""
    project = make_project(tmp_path, take(form), {})
    with (project / CSV).open("wb") as file:
        file.truncate(TWO_GB)
    said = refuse(project, tmp_path / "out", capsys)
    assert re.search(r"cases\.csv: got 2,048.0 MiB or more, expected at most", said)


WRONG_FILES: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "not UTF-8": ({"more.yaml": b"measures:\n  a: {label: caf\xe9}\n"}, r"more\.yaml:2", "0xe9"),
    "tab": ({"pathways/a.yaml": "pathways:\n\tshort: {label: x}\n"}, r"pathways/a\.yaml:2", "check indentation"),
    "unclosed": ({"pathways/a.yaml": "pathways: {short: {label: x}\n"}, r"pathways/a\.yaml:\d", "valid YAML"),
    "no mapping": ({"more.yaml": "- a\n"}, r"more\.yaml", "no mapping"),
    "empty": ({"more.yaml": ""}, r"more\.yaml", "an empty file"),
    "unknown activity": ({"pathways/a.yaml": "pathways:\n  short:\n    steps:\n    - {id: ring, do: [cal]}\n"}, r"pathways/a\.yaml:4: pathways\.short\.steps\[0\]\.do\[0\]", "such as call"),
    "folder": ({"more.yaml/x": ""}, r"more\.yaml", "directory"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_wrong_files_of_a_project_are_refused(kind: str, tmp_path: Path, capsys: Capture) -> None:
    """A fault in a further file of the folder names that file."""
    files, where, told = WRONG_FILES[kind]
    said = refuse(make_project(tmp_path, {}, files), tmp_path / "out", capsys)
    assert re.search(where, said), said
    assert told in said


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--draws", "-1"), "'--draws'"),
        (("--draws", "1e3"), "'--draws'"),
        (("--seed", "-1"), "'--seed'"),
        (("--language", "fr"), "'--language'"),
        (("--set", "nonsense"), "'--set'"),
        (("--set", "nonsense=3"), "--set nonsense: "),
        (("--set", "test.half=much"), "--set test.half: got 'much'"),
        (("--set", "test.half=1.5"), "--set test.half: got 1.5, expected a share from 0 to 1"),
        (("--set", "horizon.lst=2030"), "such as last"),
        (("--set", "flows.others.volume=[1,"), "--set flows.others.volume: "),
        (("--set", "catchment.populations.region.people=-4"), "--set: catchment.populations.region.people"),
        (("--set", "horizon.last=2060"), "--set: horizon.last"),
        (("--set", "test.half=0.3", "--set", "test.half=0.4"), "set twice"),
    ],
)
def test_wrong_options_are_refused(
    options: tuple[str, ...], told: str, tmp_path: Path, capsys: Capture
) -> None:
    """An option that cannot be used is named as the option, and nothing is written."""
    assert told in refuse(CLINIC.parent, tmp_path / "out", capsys, *options)


@pytest.mark.parametrize("place", ["file/out", "file", "/proc/oncopolis", "read_only"])
def test_an_output_folder_that_takes_no_files_is_refused(place: str, tmp_path: Path, capsys: Capture) -> None:
    """A path below a file, a file, a file system without folders, and (but for root) a read-only folder."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "read_only").mkdir(mode=0o555)
    if place == "read_only" and os.access(tmp_path / "read_only", os.W_OK):
        pytest.skip("whoever runs this may write everywhere")
    if place.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    said = refuse(CLINIC.parent, tmp_path / place, capsys)
    assert "--out" in said
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_failed_plan_leaves_an_earlier_one_as_it_was(tmp_path: Path, capsys: Capture) -> None:
    """What an earlier run wrote is still there, byte for byte, when a later one fails."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("earlier", encoding="utf-8")
    project = make_project(tmp_path, take("registry"), {CSV: "site,cases\n"})
    assert entry.run(["plan", str(project), "--out", str(out), "--draws", "0"]) == 2
    assert "at least one row" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["plan.json"]
    assert (out / "plan.json").read_text(encoding="utf-8") == "earlier"


@pytest.mark.parametrize(
    "arguments", [["plan", "{}", "--out", "out"], ["explain", "{}", "linacs"], ["explain", "{}", "--list"]]
)
def test_a_folder_without_a_project_is_refused(arguments: list[str], tmp_path: Path, capsys: Capture) -> None:
    """A folder without `centre.yaml`, and one that is not there, are told with what to do."""
    for folder, got in ((tmp_path, "no centre.yaml"), (tmp_path / "none", "no such folder")):
        assert entry.run([text.format(folder) for text in arguments]) == 2
        said = capsys.readouterr().err
        assert f"{folder}: got {got}" in said
        assert "oncopolis new" in said


@pytest.mark.parametrize(("name", "near"), [("tashknt", "tashkent"), ("london", "tashkent, tyumen")])
def test_an_unknown_example_is_refused(name: str, near: str, tmp_path: Path, capsys: Capture) -> None:
    """`--like` names the examples there are, and makes nothing."""
    assert entry.run(["new", str(tmp_path / "mine"), "--like", name]) == 2
    said = capsys.readouterr().err
    assert "--like" in said
    assert near in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("old", "new", "where", "told"),
    [
        ("source: dirac", "source: dirac, souce: x", r"centre\.yaml:\d+: catchment\.uptake\.radiotherapy\.start\.souce", "did you mean 'source'"),
        ("      leukaemia:\n", "      leukemia:\n", r"centre\.yaml:\d+: catchment\.referral\.sites\.leukemia", "such as leukaemia"),
        ("departments: [proton]}\n\ncurrency", "departments: [protons]}\n\ncurrency", r"centre\.yaml:\d+: openings\[1\]\.departments\[0\]", "such as proton"),
        ("per_usd: {evidence: money.exchange.uzs}", "per_usd: {evidence: money.exchange.uzb}", r"centre\.yaml:\d+: currency\.per_usd", "money.exchange.uzs"),
        ("practice: uzb_public", "practice: uzb_pubic", r"centre\.yaml:\d+: practice", "such as uzb_public"),
    ],
)  # fmt: skip
def test_slips_in_a_copy_of_an_example_are_told(
    old: str, new: str, where: str, told: str, tmp_path: Path, capsys: Capture
) -> None:
    """A planner's slip in a copy of Tashkent, with the whole library below it, is told at the planner's line."""
    project = tmp_path / "mine"
    copy_example("tashkent", project)
    text = (project / "centre.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (project / "centre.yaml").write_text(text.replace(old, new), encoding="utf-8")
    said = refuse(project, tmp_path / "out", capsys)
    assert re.search(where, said), said
    assert told in said


@pytest.mark.parametrize(
    ("changes", "files", "told"),
    [
        ({"Inhabitants, value: 500000": "Inhabitants, value: -1"}, {}, "centre.yaml:26"),
        (take("registry"), {CSV: "site,cases\n"}, "cases.csv"),
        ({}, {"more.yaml": b"a: \xff\n"}, "more.yaml:1"),
    ],
)
def test_the_command_itself_ends_with_2(
    changes: dict[str, str], files: dict[str, str | bytes], told: str, tmp_path: Path
) -> None:
    """Run as people run it, the process ends with 2, a message on stderr, and nothing written."""
    project = make_project(tmp_path, changes, files)
    command = [
        sys.executable,
        "-m",
        "oncopolis",
        "plan",
        str(project),
        "--out",
        str(tmp_path / "out"),
        "--draws",
        "0",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())

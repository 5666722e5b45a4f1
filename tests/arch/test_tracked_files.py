"""Nothing that ties the repository to one machine or one package index is committed."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Spelt in two halves, so that this file passes its own test.
HOSTS = tuple(
    name + "." + domain
    for name, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
        ("conda.anaconda", "org"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.~>])/(?:work|root|home|Users|opt|var/tmp|tmp)/[\w.]")
INDEX_OPTION = re.compile(r"--(?:extra-)?" + r"index-url|--find-" + r"links")
FOREIGN_LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"}


def list_tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def list_lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in list_tracked():
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


@pytest.mark.parametrize(
    "pattern",
    [re.compile("|".join(map(re.escape, HOSTS))), INDEX_OPTION, MACHINE_PATH],
    ids=["registry hosts", "index options", "machine paths"],
)
def test_no_tracked_file_names(pattern: re.Pattern[str]) -> None:
    assert not list_lines(pattern)


def test_only_the_hashed_requirements_are_a_lock() -> None:
    assert not [path for path in list_tracked() if path.name in FOREIGN_LOCKS]


@pytest.mark.parametrize("before", ["", "see ", "path=", '"'])
@pytest.mark.parametrize("folder", ["home", "root", "tmp", "work"])
def test_machine_paths_are_recognised(before: str, folder: str) -> None:
    assert MACHINE_PATH.search(f"{before}/{folder}/plan.yaml")


@pytest.mark.parametrize(
    "text", ["USD/visit/day", "/usr/bin/chromium", "../build/plan", "~/opt/x", "src/home/a"]
)
def test_other_paths_are_not(text: str) -> None:
    assert not MACHINE_PATH.search(text)


@pytest.mark.parametrize("name", ["run", "dev", "uv"])
def test_every_locked_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert entries
    for entry in entries:
        assert "==" in entry.splitlines()[0]
        assert "--hash=sha256:" in entry


def read_pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return set(re.findall(r"^[A-Za-z0-9][^ ]*==[^ ]+", text, re.MULTILINE))


def test_the_development_lock_holds_the_run_lock() -> None:
    assert read_pins("run") <= read_pins("dev")

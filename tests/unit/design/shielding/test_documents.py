"""The command, its exit codes and what it writes."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.unit.design.shielding.test_reading import EXAMPLES, example, write

from oncopolis.cli.entry import run

GOOD = str(EXAMPLES / "linac_bunker.yaml")


@pytest.mark.slow
def test_a_bunker_within_its_limits_exits_with_0_and_writes_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["shield", GOOD, "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out
    assert "no licence" in " ".join(shown.split())
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "shielding.json",
        "shielding.html",
        "plan.svg",
    }


def test_json_holds_doses_limits_needs_and_the_working(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shield", GOOD, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "oncopolis.shielding/1"
    garden = next(result for result in document["results"] if result["id"] == "garden")
    assert garden["dose_msv_week"] <= garden["limit_msv_week"] == 0.02
    assert garden["margin_cm"] == pytest.approx(garden["actual_cm"] - garden["needed_cm"], abs=0.01)
    assert garden["weight_kg_m2"] == 1.5 * 2350
    for result in document["results"]:
        assert sum(part["dose_msv_week"] for part in result["contributions"]) == pytest.approx(
            result["dose_msv_week"], rel=1e-4
        )
        for part in result["contributions"]:
            assert part["steps"]
            assert all(step["clause"] for step in part["steps"])
            assert part["steps"][-1]["value"] * 1e3 == pytest.approx(part["dose_msv_week"], rel=1e-4)


def test_the_numbers_put_in_give_the_value_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A reader with a calculator comes to the same: shown numbers have four digits."""
    run(["shield", GOOD, "--json"])
    document = json.loads(capsys.readouterr().out)
    n_redone = 0
    for result in document["results"]:
        for part in result["contributions"]:
            for step in part["steps"]:
                text = step["numbers"].replace(" x ", "*").replace("^", "**").replace(" cm", "")
                text = re.sub(r"(?<=[\d)]) (?=\()", "*", text)
                if step["symbol"] == "W_L" or not re.fullmatch(r"[\d\s.e+*/()-]+", text):
                    continue
                value = eval(text, {"__builtins__": {}})  # arithmetic of our own, checked above
                assert value == pytest.approx(step["value"], rel=0.02), step
                n_redone += 1
    assert n_redone > 60


def test_a_barrier_that_is_too_thin_exits_with_1_and_says_what_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = example()
    data["barriers"]["south"]["layers"][0]["cm"] = 60
    assert run(["shield", str(write(tmp_path, data)), "--out", str(tmp_path / "out")]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "The barrier is too thin" in shown
    assert "of concrete are needed" in shown
    page = (tmp_path / "out" / "shielding.html").read_text("utf-8")
    assert "above its limit" in page
    assert "office" in page.lower()


def test_bad_input_exits_with_2_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = example()
    data["machine"]["beams"]["x6"]["mv"] = 7
    assert run(["shield", str(write(tmp_path, data)), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "DES-107" in told
    assert "4, 6, 10, 15, 18, 20, 25, 30 MV" in told
    assert not (tmp_path / "out").exists()


def test_settings_need_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shield", GOOD, "--set", "resources.linac.n=4"]) == 2
    assert "PROJECT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "word"), [("ko", "한도 이내"), ("ru", "в пределах нормы"), ("uz", "me’yor")]
)
def test_the_page_is_in_the_language_asked_for(language: str, word: str, tmp_path: Path) -> None:
    run(["shield", GOOD, "--out", str(tmp_path), "--language", language])
    page = (tmp_path / "shielding.html").read_text("utf-8")
    assert f'<html lang="{language}">' in page
    assert word in page


def test_the_drawing_is_to_scale_and_holds_every_wall_and_place(tmp_path: Path) -> None:
    run(["shield", GOOD, "--out", str(tmp_path)])
    root = ET.fromstring((tmp_path / "plan.svg").read_text("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in root.iter(f"{space}text")]
    assert {"East wall", "West wall", "South wall", "Garden path", "Office", "2 m"} <= set(words)
    layers = {
        title.text: [tuple(map(float, pair.split())) for pair in path.attrib["d"][1:-1].split("L")]
        for path in root.iter(f"{space}path")
        if (title := path.find(f"{space}title")) is not None and "concrete" in (title.text or "")
    }
    east = layers["East wall: 150 cm concrete"]
    south = layers["South wall: 105 cm concrete"]
    wide = max(x for x, _ in east) - min(x for x, _ in east)
    high = max(y for _, y in south) - min(y for _, y in south)
    assert wide / high == pytest.approx(150 / 105, rel=0.01)


def test_same_file_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(["shield", GOOD, "--out", str(tmp_path / name)])
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()

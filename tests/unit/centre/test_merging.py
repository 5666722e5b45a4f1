"""Files are laid over each other entry by entry and key by key, and places follow the values."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oncopolis.centre.merging import merge
from oncopolis.foundation import InputError, InputErrors, Located, load_yaml


def load(folder: Path, *texts: str) -> Iterator[Located]:
    for i, text in enumerate(texts):
        path = folder / f"{i}.yaml"
        path.write_text(text, encoding="utf-8")
        yield load_yaml(path, path.name)


BELOW = """\
name: below
rooms:
  office: {label: Office, area: {value: 10, low: 8, high: 12}, count: [{per: a}]}
  hall: {label: Hall}
"""


def test_entries_are_merged_key_by_key(tmp_path: Path) -> None:
    """A project says only what differs; other keys and other entries stay."""
    merged = merge(load(tmp_path, BELOW, "rooms:\n  office: {label: Big office}\n  door: {label: Door}\n"))
    assert merged.data["name"] == "below"
    assert list(merged.data["rooms"]) == ["office", "hall", "door"]
    assert merged.data["rooms"]["office"]["label"] == "Big office"
    assert merged.data["rooms"]["office"]["count"] == [{"per": "a"}]


@pytest.mark.parametrize("number", ["{value: 20}", "{evidence: a.b}", "{parameter: p}", "3"])
def test_a_number_is_replaced_whole(tmp_path: Path, number: str) -> None:
    """Nothing of the old range or source is left in a number that is replaced."""
    merged = merge(load(tmp_path, BELOW, f"rooms: {{office: {{area: {number}}}}}\n"))
    area = merged.data["rooms"]["office"]["area"]
    assert area not in ({"value": 20, "low": 8, "high": 12}, None)
    assert not (isinstance(area, dict) and "low" in area)


def test_a_number_at_the_second_level_is_replaced_whole(tmp_path: Path) -> None:
    """A number that stands right below a section is replaced whole too."""
    merged = merge(
        load(tmp_path, "finance: {fees: {value: 1, low: 0, high: 2}}", "finance: {fees: {value: 3}}")
    )
    assert merged.data == {"finance": {"fees": {"value": 3}}}


def test_lists_are_replaced_whole(tmp_path: Path) -> None:
    """Lists are not joined."""
    merged = merge(load(tmp_path, "openings: [1, 2]\n", "openings: [3]\n"))
    assert merged.data == {"openings": [3]}


def test_places_follow_the_values(tmp_path: Path) -> None:
    """A replaced value is at its new place, an inherited one at its old."""
    merged = merge(load(tmp_path, BELOW, "\n\nrooms: {office: {label: Big}}\n"))
    assert str(merged.find_place(("rooms", "office", "label"))) == "1.yaml:3"
    assert str(merged.find_place(("rooms", "office", "area"))) == "0.yaml:3"
    assert str(merged.find_place(("rooms", "hall", "label"))) == "0.yaml:4"


def test_layers_are_not_changed(tmp_path: Path) -> None:
    """The files laid over each other keep what they hold, so that they can be read again."""
    layers = list(load(tmp_path, BELOW, "rooms: {office: {label: Big}}\n"))
    merge(layers)
    assert layers[0].data["rooms"]["office"]["label"] == "Office"
    assert list(layers[1].data["rooms"]["office"]) == ["label"]


def test_files_that_are_no_mappings_are_all_told(tmp_path: Path) -> None:
    """An empty file and a list are faults that name the file."""
    with pytest.raises(InputErrors) as caught:
        merge(load(tmp_path, "a: 1\n", "", "- a\n"))
    assert [(error.where, error.got) for error in caught.value.errors] == [
        ("1.yaml", "an empty file"),
        ("2.yaml", "no mapping"),
    ]
    with pytest.raises(InputError):
        merge(load(tmp_path, "just words\n"))

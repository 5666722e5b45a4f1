"""Examples are copied whole or not at all."""

import shutil
from pathlib import Path

import jsonschema
import pytest

from oncopolis.centre.copying import copy_example, list_examples
from oncopolis.centre.definition import Centre
from oncopolis.centre.schema import to_project_schema
from oncopolis.foundation import InputError, NotFoundError, load_yaml

EXAMPLES = Path(__file__).parents[3] / "src" / "oncopolis" / "centre" / "examples"


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_three_examples_are_listed() -> None:
    assert list_examples() == ("severance", "tashkent", "tyumen")


@pytest.mark.parametrize("name", list_examples())
def test_a_copy_has_every_file(name: str, tmp_path: Path) -> None:
    target = tmp_path / "far" / "away"
    copy_example(name, target)
    assert list_files(target) == list_files(EXAMPLES / name)
    assert {path.name for path in target.parent.iterdir()} == {"away"}
    assert (target / "centre.yaml").read_bytes() == (EXAMPLES / name / "centre.yaml").read_bytes()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    copy_example("tashkent", tmp_path / "mine")
    assert (tmp_path / "mine" / "README.md").is_file()


def test_a_relative_folder_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copy_example("tashkent", Path("mine"))
    assert Path("mine/centre.yaml").is_file()


def test_an_unknown_name_is_answered_with_near_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="near: tashkent"):
        copy_example("Taschkent", tmp_path / "mine")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "..", "../examples/tashkent", "__pycache__"])
def test_a_name_is_no_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        copy_example(name, tmp_path / "mine")


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="empty"):
        copy_example("tashkent", tmp_path)
    assert list_files(tmp_path) == {"mine.txt"}


def test_a_file_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(InputError, match="a file"):
        copy_example("tashkent", tmp_path / "mine")
    with pytest.raises(InputError):
        copy_example("tashkent", tmp_path / "mine" / "below")


def test_nothing_is_left_when_copying_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy_half(source: Path, target: Path, **_: object) -> None:
        (target / "centre.yaml").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", copy_half)
    with pytest.raises(InputError, match="No space left"):
        copy_example("tashkent", tmp_path / "mine")
    assert not any(tmp_path.iterdir())


def test_the_schema_is_a_schema_and_knows_every_key() -> None:
    schema = to_project_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["$id"].startswith("urn:")
    names = {field.alias or name for name, field in Centre.model_fields.items()}
    assert set(schema["properties"]) == names


PROJECT_FILES = sorted(file for name in list_examples() for file in (EXAMPLES / name).rglob("*.yaml"))


@pytest.mark.parametrize("file", PROJECT_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_example_file_fits_the_schema(file: Path) -> None:
    jsonschema.Draft202012Validator(to_project_schema()).validate(load_yaml(file).data)


def test_the_schema_refuses_unknown_keys() -> None:
    faults = list(jsonschema.Draft202012Validator(to_project_schema()).iter_errors({"patways": {}}))
    assert faults

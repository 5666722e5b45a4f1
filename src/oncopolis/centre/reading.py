"""From a project folder to a checked `Project`: the definition and the evidence it stands on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from oncopolis.centre.checks import check_branches, check_numbers, check_references, check_years
from oncopolis.centre.definition import Centre
from oncopolis.centre.inline import take_rows
from oncopolis.centre.merging import merge
from oncopolis.centre.network import Network, make_network
from oncopolis.centre.resolving import Resolver
from oncopolis.centre.tables import Tables, read_tables
from oncopolis.evidence import Evidence, load_evidence
from oncopolis.evidence.registry import missing, read_override, read_row
from oncopolis.foundation import (
    Collector,
    InputError,
    Located,
    NotFoundError,
    OncopolisError,
    Place,
    load_yaml,
)
from oncopolis.foundation.collecting import uncollected
from oncopolis.foundation.faults import list_keys, to_errors
from oncopolis.foundation.located import Segments

MAIN_FILE = "centre.yaml"


@dataclass(frozen=True)
class Project:
    """A centre as read from its folder, with the evidence in force for it."""

    folder: Path
    """Where its CSVs are."""
    centre: Centre
    """The definition."""
    evidence: Evidence
    """Package, practice, project and command line laid over each other, in that order."""
    located: Located
    """Where each part of the definition was written."""
    network: Network
    """The pathways, ready to be read."""
    resolver: Resolver
    """Turns any other coefficient of the definition into its evidence key."""
    tables: Tables
    """Figures of the project's own CSV files."""


@uncollected()
def read_project(folder: Path, settings: Mapping[str, str] | None = None) -> Project:
    """Read and check a project.

    Parameters
    ----------
    folder
        Folder with ``centre.yaml``, further ``*.yaml`` and ``pathways/*.yaml``.
    settings
        ``KEY=VALUE`` of the command line: an evidence key, or a dotted path of the definition.

    Raises
    ------
    InputError, InputErrors
        With every fault found, each naming file and line.
    """
    located = merge(_list_layers(Path(folder)))
    packaged = load_evidence()
    values, paths = _split_settings(settings or {}, packaged, located)
    for key, value in paths.items():
        _set_path(located, key, value)
    faults = Collector()
    data, rows, places = take_rows(located, faults)
    faults.raise_if_any()
    try:
        centre = Centre.model_validate(data)
    except ValidationError as error:
        for fault in to_errors(error, located, (), code="CEN-002", model=Centre):
            faults.add(fault)
        faults.raise_if_any()
        raise
    evidence = _lay_evidence(packaged.with_rows(rows, places), centre, located, faults)
    for key, value in values.items():
        evidence = evidence.with_value(key, value, "--set")
    faults.raise_if_any()
    _gather([*check_references(centre, located), *check_years(centre, located)])
    resolver = Resolver(centre, evidence, located, faults)
    network = make_network(centre, resolver)
    check_numbers(centre, resolver)
    faults.raise_if_any()
    _gather(check_branches(network, evidence, located))
    tables = read_tables(centre.catchment, Path(folder))
    return Project(Path(folder), centre, evidence, located, network, resolver, tables)


def _gather(found: Iterable[OncopolisError]) -> None:
    faults = Collector()
    for fault in found:
        faults.add(fault)
    faults.raise_if_any()


def _list_layers(folder: Path) -> Iterator[Located]:
    main = folder / MAIN_FILE
    if not main.is_file():
        raise NotFoundError(
            code="CEN-003",
            where=str(folder),
            got="no centre.yaml" if folder.is_dir() else "no such folder",
            expected="a project folder with centre.yaml",
            fix="give the folder of a project, or make one: `oncopolis new DIR --like tashkent`",
        )
    first = load_yaml(main)
    names = first.data.get("library") if isinstance(first.data, dict) else None
    for name in names if isinstance(names, list) else []:
        root = Path(str(files("oncopolis.centre").joinpath("library", str(name))))
        for path in sorted(root.glob("*.yaml")):
            yield load_yaml(path, f"library/{name}/{path.name}")
    yield first
    others = [path for path in sorted(folder.glob("*.yaml")) if path.name != MAIN_FILE]
    for path in [*others, *sorted((folder / "pathways").glob("*.yaml"))]:
        yield load_yaml(path)


def _split_settings(
    settings: Mapping[str, str], evidence: Evidence, located: Located
) -> tuple[dict[str, float], dict[str, Any]]:
    """Tell evidence keys from paths of the definition, and read the values."""
    faults = Collector()
    values: dict[str, float] = {}
    paths: dict[str, Any] = {}
    own = located.data.get("evidence")
    for key, text in settings.items():
        if evidence.find_row(key) is None and not (isinstance(own, dict) and key in own):
            try:
                paths[key] = yaml.safe_load(text)
            except (yaml.YAMLError, ValueError, RecursionError):
                faults.add(
                    InputError(
                        code="CEN-004",
                        where=f"--set {key}",
                        got=repr(text),
                        expected="a number, a word, or a list or mapping as in the project's files",
                        fix="close its brackets and quotes",
                    )
                )
            continue
        try:
            values[key] = float(text)
        except ValueError:
            faults.add(
                InputError(
                    code="CEN-004",
                    where=f"--set {key}",
                    got=repr(text),
                    expected="a number",
                    fix="write it with a decimal point",
                )
            )
    faults.raise_if_any()
    return values, paths


def _set_path(located: Located, key: str, value: Any) -> None:
    """Put a value at a dotted path of the definition; lists are entered by id or index."""
    *way, last = key.split(".")
    target: Any = located.data
    path: Segments = ()
    for segment in way:
        here, target = _enter(target, segment, key)
        path = (*path, here)
    known = target if isinstance(target, dict) else {}
    if last not in known and last not in list_keys(Centre, path):
        raise _no_such_path(key, last, known or Centre.model_fields)
    located.places[*path, last] = Place("--set", 0, 0)
    target[last] = (
        {"value": value, **_kept(target[last])}
        if _is_row(target.get(last)) and not isinstance(value, dict)
        else value
    )


def _is_row(data: Any) -> bool:
    return isinstance(data, dict) and "value" in data


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    """What stays of a row in place whose value is set by hand."""
    own = {
        "source": "project",
        "locator": "--set",
        "status": "assumption",
        "opened": False,
        "note": "set on the command line",
    }
    return {name: row[name] for name in ("label", "unit", "per") if name in row} | own


def _enter(target: Any, segment: str, key: str) -> tuple[str | int, Any]:
    if isinstance(target, list):
        for i, item in enumerate(target):
            if segment == str(i) or (isinstance(item, dict) and item.get("id") == segment):
                return i, item
        raise _no_such_path(
            key, segment, [str(item["id"]) for item in target if isinstance(item, dict) and "id" in item]
        )
    if not isinstance(target, dict) or segment not in target:
        raise _no_such_path(key, segment, target if isinstance(target, dict) else {})
    return segment, target[segment]


def _no_such_path(key: str, segment: str, known: Any) -> NotFoundError:
    near = get_close_matches(segment, [str(name) for name in known])
    return NotFoundError(
        code="CEN-005",
        where=f"--set {key}",
        got=f"{segment!r}, which is neither in the evidence nor in the definition",
        expected="an evidence key or a dotted path of the definition"
        + (f", such as {', '.join(near)}" if near else ""),
        fix="see `oncopolis evidence list` and the project's files",
    )


def _lay_evidence(evidence: Evidence, centre: Centre, located: Located, faults: Collector) -> Evidence:
    """Lay the practice's rows, then the project's, over the evidence."""
    layers: list[tuple[Segments, Mapping[str, Any]]] = [(("evidence",), centre.evidence)]
    if centre.practice in centre.practices:
        practice = centre.get_practice()
        layers.insert(0, (("practices", centre.practice, "evidence"), practice.evidence))
    for path, rows in layers:
        for key, fields in rows.items():
            here = (*path, key)
            try:
                if evidence.find_row(key) is None and not {"label", "unit"} & set(fields):
                    faults.add(missing(key, located.where(here), evidence.rows))
                elif evidence.find_row(key) is None:
                    row = read_row(key, fields, located, here, faults)
                    if row is not None:
                        evidence = evidence.with_rows({key: row}, {key: str(located.find_place(here))})
                else:
                    row = read_override(key, fields, evidence, located, here)
                    evidence = evidence.with_override(key, row, located.where(here))
            except OncopolisError as error:
                faults.add(error)
    return evidence

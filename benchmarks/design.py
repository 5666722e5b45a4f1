"""How long the review of a large model takes, beside ifctester, and what comparing revisions costs.

The concept of an example is filled up with furniture made of faces until the file has the size asked for.
Then one process reviews it with all rules (reading, rules, files told apart) and another checks the IDS file
of the same brief with plain ifctester; both print CPU seconds and their peak of memory. At last revisions,
each with a few rooms changed, are compared one after the other with what was kept of the one before.

Usage: python benchmarks/design.py [--mib N] [--revisions N] [--example FOLDER] [--rooms-only]
With ``--rooms-only`` the file is filled with copies of rooms instead of furniture: the worst case.
"""


# ruff: noqa: S311 - furniture is made up

import argparse
import json
import pickle
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[1] / "src" / "oncopolis" / "centre" / "examples"
_REFERENCE = re.compile(rb"#(\d+)")
_GUID = re.compile(rb"^(#\d+=IFC\w+\(')([0-9A-Za-z_$]{22})(')", re.MULTILINE)
TODAY = date(2026, 1, 1)


def make_model(example: Path, folder: Path, mib: int, *, rooms_only: bool) -> None:
    """Write programme, concept model of the size asked for, and IDS file."""
    from oncopolis.centre import read_project
    from oncopolis.design import make_programme
    from oncopolis.design.concept import to_bytes
    from oncopolis.design.layout import make_layout
    from oncopolis.design.requirements import write_ids
    from oncopolis.planning import make_plan

    programme = make_programme(make_plan(read_project(example, {}), n_draws=0, seed=0))
    (folder / "programme.pickle").write_bytes(pickle.dumps(programme))
    (folder / "requirements.ids").write_bytes(write_ids(programme, "en"))
    text = to_bytes(make_layout(programme))
    head, end, tail = text.rpartition(b"ENDSEC;")
    more = list_copies(head) if rooms_only else list_furniture(head)
    parts, size = [head], len(text)
    for part in more:
        if size >= mib << 20:
            break
        parts.append(part)
        size += len(part)
    (folder / "model.ifc").write_bytes(b"".join([*parts, end, tail]))


def list_copies(head: bytes) -> Iterator[bytes]:
    """Yield the rooms of the model again and again, each time with new lines and GlobalIds."""
    data = head.partition(b"DATA;")[2]
    step = max(int(found) for found in _REFERENCE.findall(data)) + 1
    for k in count(1):
        moved = _REFERENCE.sub(lambda found, k=k: b"#%d" % (int(found[1]) + k * step), data)  # type: ignore[misc]
        mark = b"%02d" % k
        fresh = _GUID.sub(lambda found, mark=mark: found[1] + found[2][:-2] + mark + found[3], moved)  # type: ignore[misc]
        yield b"\n".join(line for line in fresh.splitlines() if b"=IFCPROJECT(" not in line) + b"\n"


def list_furniture(head: bytes) -> Iterator[bytes]:
    """Yield proxies with bodies of faces: what a file of an architect mostly consists of."""
    following = count(max(int(found) for found in _REFERENCE.findall(head)) + 1)
    context = re.search(rb"#(\d+)=IFCGEOMETRICREPRESENTATIONSUBCONTEXT\('Body'", head)
    assert context
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
    chance = random.Random(1)
    while True:
        lines: list[str] = []

        def write(text: str, lines: list[str] = lines) -> int:
            line = next(following)
            lines.append(f"#{line}={text};")
            return line

        points = [
            write("IFCCARTESIANPOINT((" + ",".join(f"{chance.uniform(0, 2):.4f}" for _ in "xyz") + "))")
            for _ in range(60)
        ]
        faces = []
        for _ in range(120):
            loop = write("IFCPOLYLOOP((" + ",".join(f"#{p}" for p in chance.sample(points, 3)) + "))")
            faces.append(write(f"IFCFACE((#{write(f'IFCFACEOUTERBOUND(#{loop},.T.)')}))"))
        shell = write("IFCCLOSEDSHELL((" + ",".join(f"#{face}" for face in faces) + "))")
        body = write(f"IFCFACETEDBREP(#{shell})")
        shape = write(f"IFCSHAPEREPRESENTATION(#{context[1].decode()},'Body','Brep',(#{body}))")
        whole = write(f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{shape}))")
        guid = chance.choice("0123") + "".join(chance.choices(letters, k=21))
        write(f"IFCBUILDINGELEMENTPROXY('{guid}',$,'Chair',$,$,$,#{whole},$,$)")
        yield ("\n".join(lines) + "\n").encode()


def measure_review(folder: Path) -> dict[str, float]:
    """Review the model with every pack there is."""
    from oncopolis.design.ids import check_ids
    from oncopolis.design.reading import read_models
    from oncopolis.design.review import Ruling, make_case, make_review, to_document
    from oncopolis.design.rules import find_pack, list_packs
    from oncopolis.report.review import write_review

    programme = pickle.loads((folder / "programme.pickle").read_bytes())  # noqa: S301 - written by this script
    clock = [time.process_time()]
    building = read_models([folder / "model.ifc"])
    clock.append(time.process_time())
    case = make_case(building, programme, {}, None)
    packs = [find_pack(name) for name in list_packs()]
    review = make_review(case, packs, Ruling(TODAY))
    clock.append(time.process_time())
    write_review(to_document(review, "benchmark", TODAY.isoformat()), folder / "out", language="en")
    clock.append(time.process_time())
    check_ids([folder / "requirements.ids"], [folder / "model.ifc"], building)
    clock.append(time.process_time())
    names = ("read_s", "rules_s", "files_s", "ids_s")
    told: dict[str, float] = {name: clock[i + 1] - clock[i] for i, name in enumerate(names)}
    return told | {"n_spaces": len(building.spaces), "n_rules": sum(len(pack.rules) for pack in packs)}


def measure_ifctester(folder: Path) -> dict[str, float]:
    """Check the IDS file with ifctester as it is."""
    import ifcopenshell
    from ifctester import ids  # type: ignore[import-untyped]  # ships no types

    start = time.process_time()
    model = ifcopenshell.open(folder / "model.ifc")
    opened = time.process_time()
    ids.open(str(folder / "requirements.ids")).validate(model)
    return {"open_s": opened - start, "validate_s": time.process_time() - opened}


def measure_revisions(folder: Path, n: int) -> dict[str, float]:
    """Compare revisions, ten rooms of which have changed, each with what was kept of the one before."""
    from oncopolis.design.matching import Matches
    from oncopolis.design.reading import read_models
    from oncopolis.design.review import Ruling, make_review
    from oncopolis.design.rules import Case, find_pack
    from oncopolis.design.snapshots import take_snapshots

    building = read_models([folder / "model.ifc"])
    chance, pack = random.Random(1), find_pack("revision")
    older, taken, found = take_snapshots(building), 0.0, 0
    for _ in range(n):
        spaces = list(building.spaces)
        for i in chance.sample(range(len(spaces)), 10):
            area = spaces[i].area
            spaces[i] = replace(spaces[i], area=area and replace(area, value=area.value * 0.9))
        building = replace(building, spaces=tuple(spaces))
        start = time.process_time()
        review = make_review(Case(building, None, Matches({}), older), [pack], Ruling(TODAY))
        older = take_snapshots(building)
        taken += time.process_time() - start
        found += sum(len(group.outcomes) for group in review.groups)
    return {"per_revision_s": taken / n, "n_changes_found": found}


def run_apart(what: str, folder: Path, n: int) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, "--folder", str(folder), "--revisions", str(n)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mib", type=int, default=50)
    parser.add_argument("--revisions", type=int, default=100)
    parser.add_argument("--example", type=Path, default=EXAMPLES / "tashkent")
    parser.add_argument("--rooms-only", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measures: dict[str, Any] = {
            "review": lambda: measure_review(asked.folder),
            "ifctester": lambda: measure_ifctester(asked.folder),
            "revisions": lambda: measure_revisions(asked.folder, asked.revisions),
        }
        told = measures[asked.measure]()
        told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(told))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_model(asked.example, folder, asked.mib, rooms_only=asked.rooms_only)
        size = (folder / "model.ifc").stat().st_size / (1 << 20)
        ours = run_apart("review", folder, 0)
        plain = run_apart("ifctester", folder, 0)
        revisions = run_apart("revisions", folder, asked.revisions)
    whole = ours["read_s"] + ours["rules_s"] + ours["files_s"]
    theirs = plain["open_s"] + plain["validate_s"]
    print(f"model {size:.0f} MiB, {ours['n_spaces']:.0f} spaces; CPU seconds")
    print(
        f"review, {ours['n_rules']:.0f} rules: {whole:.1f} (read {ours['read_s']:.1f}, "
        f"rules {ours['rules_s']:.1f}, files {ours['files_s']:.1f}), peak {ours['peak_mib']:.0f} MiB; "
        f"with the IDS file {ours['ids_s']:.1f} more"
    )
    print(
        f"ifctester, the IDS file alone: {theirs:.1f} (open {plain['open_s']:.1f}, "
        f"check {plain['validate_s']:.1f}), peak {plain['peak_mib']:.0f} MiB; ratio {theirs / whole:.2f}"
    )
    print(
        f"{asked.revisions} revisions: {revisions['per_revision_s']:.3f} each, "
        f"{revisions['n_changes_found']:.0f} changes found; a review takes "
        f"{whole / revisions['per_revision_s']:.0f} times as long"
    )


if __name__ == "__main__":
    main()

"""Packs of rules from files: our own, and those of a user in the same form."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from oncopolis.design.rules.checking import CHECKS
from oncopolis.design.rules.pack import Chosen, Pack
from oncopolis.foundation import Collector, InputError, NotFoundError, load_yaml
from oncopolis.foundation.faults import to_errors

_NOT_GIVEN = (None, "", (), Chosen())

HOUSE = ("model", "programme", "sheets", "ways")
"""Packs that every review applies."""


def list_packs() -> tuple[str, ...]:
    """Return the names of the packaged packs, those of the house first."""
    folder = Path(str(files("oncopolis.design").joinpath("rules", "packs")))
    others = sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in HOUSE)
    return (*HOUSE, *others)


def find_pack(name: str) -> Pack:
    """Return a packaged pack, or read one from the file of that name.

    Raises
    ------
    NotFoundError
        DES-050 if there is no such pack and no such file.
    InputError
        DES-051 for a file that is not in the form of a pack, DES-052 for rules that no check can decide, all
        of them told.
    """
    if name in list_packs():
        return read_own(name)
    path = Path(name)
    if path.suffix.lower() not in {".yaml", ".yml"} or not path.is_file():
        raise NotFoundError(
            code="DES-050",
            where="--rules",
            got=repr(name),
            expected=f"one of {', '.join(list_packs())}, or a YAML file of rules",
            fix="choose a pack, or check the path of the file",
        )
    return read_pack(path)


@cache
def read_own(name: str) -> Pack:
    """Read a packaged pack."""
    return read_pack(Path(str(files("oncopolis.design").joinpath("rules", "packs", f"{name}.yaml"))), name)


def read_pack(path: Path, shown: str | None = None) -> Pack:
    """Read a pack from a file.

    Raises
    ------
    InputError
        As `find_pack`.
    """
    located = load_yaml(path, shown)
    try:
        pack = Pack.model_validate(located.data)
    except ValidationError as error:
        faults = Collector()
        for fault in to_errors(error, located, (), code="DES-051", model=Pack):
            faults.add(fault)
        faults.raise_if_any()
        raise
    faults = Collector()
    for i, rule in enumerate(pack.rules):
        where = located.where(("rules", i))
        known = CHECKS.get(rule.check)
        missing = [name for name in known.needs if getattr(rule, name) in _NOT_GIVEN] if known else []
        if known is None or missing:
            faults.add(
                InputError(
                    code="DES-052",
                    where=where,
                    got=f"{rule.check} without {', '.join(missing)}"
                    if known
                    else f"the check {rule.check!r}",
                    expected="what the check needs" if known else f"one of {', '.join(sorted(CHECKS))}",
                    fix="see the list of checks in how-to/review_a_model.md",
                )
            )
    faults.raise_if_any()
    return pack

"""The checklists: what standards ask of a biobank, in our own words."""

from functools import cache
from pathlib import Path

import yaml

from oncopolis.foundation import Frozen, NotFoundError


class Standard(Frozen):
    """A standard; ``opened`` says how much of its text was read: ``contents`` or ``no``."""

    name: str
    opened: str


class Requirement(Frozen):
    """What a clause asks."""

    id: str
    clause: str
    title: str
    asks: str
    shown: str = ""
    """What this program keeps that shows it; empty if it keeps nothing."""

    @property
    def standard(self) -> str:
        """Key of the standard."""
        return next(key for key in get_standards() if self.id.startswith(f"{key}-"))


@cache
def _read() -> tuple[dict[str, Standard], dict[str, Requirement]]:
    found = yaml.safe_load(Path(__file__).with_name("requirements.yaml").read_text("utf-8"))
    standards = {key: Standard.model_validate(one) for key, one in found["standards"].items()}
    requirements = [Requirement.model_validate(one) for one in found["requirements"]]
    return standards, {one.id: one for one in requirements}


def get_standards() -> dict[str, Standard]:
    """The standards, by key."""
    return _read()[0]


def list_requirements() -> list[Requirement]:
    """All requirements, in their order."""
    return list(_read()[1].values())


def get_requirement(id_: str) -> Requirement:
    """A requirement; `NotFoundError` BIO-182."""
    found = _read()[1].get(id_)
    if found is None:
        raise NotFoundError(
            code="BIO-182", where=f"requirement {id_:.64}", got="no such requirement",
            expected="one of the checklists, such as iso-20387-7.5", fix="correct it",
        )  # fmt: skip
    return found

"""The bibliography: where the numbers come from."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from oncopolis.foundation import Collector, Frozen, load_yaml
from oncopolis.foundation.faults import to_errors


class Source(Frozen):
    """One entry of the bibliography."""

    authors: str
    """Authors or organisation."""
    title: str
    """Title of the work."""
    year: int | None = None
    """Year of publication."""
    container: str | None = None
    """Journal, publisher or organisation."""
    doi: str | None = None
    """Digital object identifier, where known."""
    note: str | None = None
    """What was read of it, or where it is found."""

    @property
    def citation(self) -> str:
        """One line that finds the work again."""
        parts = [self.authors, self.title, self.container or "", str(self.year or ""), self.doi or ""]
        return ". ".join(part.rstrip(".") for part in parts if part)


def read_sources(path: Path, shown: str) -> dict[str, Source]:
    """Read a bibliography file: mapping of id to entry.

    Raises
    ------
    InputError
        For every entry that does not fit, all at once.
    """
    located = load_yaml(path, shown)
    faults = Collector()
    sources: dict[str, Source] = {}
    for key, entry in (located.data or {}).items():
        try:
            sources[key] = Source.model_validate(entry)
        except ValidationError as error:
            for fault in to_errors(error, located, (key,), code="EVI-002"):
                faults.add(fault)
    faults.raise_if_any()
    return sources


@cache
def list_sources() -> dict[str, Source]:
    """Return the bibliography that comes with the package."""
    path = Path(str(files("oncopolis.evidence").joinpath("bibliography.yaml")))
    return read_sources(path, "evidence/bibliography.yaml")

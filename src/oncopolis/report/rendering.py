"""Templates filled to pages that need nothing else."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: object) -> bytes:
    """Fill a template; a place without a value is a fault."""
    return _get_environment().get_template(template).render(**values).encode("utf-8")


@cache
def read_asset(*names: str) -> Markup:
    """Return our own styles or scripts, one after the other."""
    folder = files("oncopolis.report").joinpath("templates")
    return Markup("".join(folder.joinpath(name).read_text("utf-8") for name in names))  # noqa: S704 (our own files)


@cache
def _get_environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("oncopolis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

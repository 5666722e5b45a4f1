"""What the exchange reads and writes: events, fields, columns of files and settings, out of its tables."""

from collections.abc import Iterator

from pydantic import BaseModel

from oncopolis.interop.drop.mappings import Mapping_
from oncopolis.interop.hl7.charsets import CODECS
from oncopolis.interop.pages import list_columns, list_events, list_fields
from oncopolis.interop.settings import Partner, Sending, Settings
from reference.markdown import to_code, to_page, to_table


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield the page of the exchange."""
    yield (
        "exchange.md",
        to_page(
            "Exchange",
            "HL7 v2 messages and CSV files as records, and back. *in*: read; *out*: written into ours.",
            "## Events",
            to_table(("message", "meaning"), ((to_code(name), meaning) for name, meaning in list_events())),
            "## Fields",
            to_table(
                ("field", "type", "element", "direction"),
                (
                    (to_code(field), kind, to_code(element), way)
                    for field, kind, element, way in list_fields()
                ),
            ),
            "## Charsets (MSH-18)",
            ", ".join(to_code(name) for name in CODECS if name),
            "## Columns of files",
            to_table(
                ("form", "column", "required", "meaning"),
                (
                    (to_code(form), to_code(name), must, meaning)
                    for form, name, must, meaning in list_columns()
                ),
            ),
            "## Keys of `exchange/settings.yaml`",
            _to_keys(Settings),
            "### A partner",
            _to_keys(Partner),
            "### `send` of a partner",
            _to_keys(Sending),
            "## Keys of a mapping of files (`exchange/*.yaml`)",
            _to_keys(Mapping_),
        ),
    )


def _to_keys(model: type[BaseModel]) -> str:
    rows = [
        (to_code(name), "" if field.is_required() else to_code(_show(field.default)), field.description or "")
        for name, field in model.model_fields.items()
    ]
    return to_table(("key", "if left out", "meaning"), rows)


def _show(default: object) -> str:
    return "" if default in (None, "", {}, ()) else str(default)

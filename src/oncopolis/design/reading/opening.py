"""IFC files opened, in the schemas that are read."""

from pathlib import Path
from typing import Any

from oncopolis.foundation import InputError

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")


def open_model(path: Path) -> Any:
    """Open an IFC file that has passed `check_step`.

    Raises
    ------
    InputError
        DES-039 if it cannot be parsed, DES-040 for a schema that is not read.
    """
    import ifcopenshell

    opener: Any = ifcopenshell.open  # its types do not know `lazy`
    try:
        model = opener(path, format=".ifc", lazy=True)
        schema = str(model.schema)
    except Exception as error:  # the parser raises what it likes
        if isinstance(error, ifcopenshell.SchemaError):
            raise _refuse_schema(path, str(error).removeprefix("Unsupported schema: ")) from error
        raise InputError(
            code="DES-039",
            where=str(path),
            got=str(error).splitlines()[0] if str(error) else "a file that cannot be parsed",
            expected="an IFC file",
            fix="open it in a viewer to see whether it is whole, and export it again",
        ) from error
    if schema not in SCHEMAS:
        raise _refuse_schema(path, schema)
    return model


def _refuse_schema(path: Path, schema: str) -> InputError:
    return InputError(
        code="DES-040",
        where=str(path),
        got=f"the schema {schema or 'of nobody'}",
        expected=f"one of {', '.join(SCHEMAS)}",
        fix="export the model in one of these schemas",
    )

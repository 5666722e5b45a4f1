"""IFC files opened, in the schemas that are read."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from oncopolis.foundation import InputError

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
_CHUNK_BYTES = 1 << 20  # structure: a mebibyte at a time
_LETTERS = re.compile(r"[^\x00-\x7f]+")


def open_model(path: Path) -> Any:
    """Open an IFC file that has passed `check_step`.

    Raises
    ------
    InputError
        DES-039 if it cannot be parsed, DES-040 for a schema that is not read, DES-120 for letters in an
        encoding that nobody states.
    """
    import ifcopenshell

    opener: Any = ifcopenshell.open  # its types do not know `lazy`
    mended = _mend_letters(path)
    try:
        model = ifcopenshell.file.from_string(mended) if mended else opener(path, format=".ifc", lazy=True)
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


def _mend_letters(path: Path) -> str:
    """Return the text of a file that has letters as they are, with those in the form of ISO 10303-21.

    The parser would drop such names without a word. Nothing is returned where all letters are as they should.
    """
    with path.open("rb") as stream:
        if all(chunk.isascii() for chunk in iter(partial(stream.read, _CHUNK_BYTES), b"")):
            return ""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            code="DES-120",
            where=f"{path}:{line}",
            got=f"byte 0x{raw[error.start]:02x}, of which nobody says what letter it is",
            expected="letters in the form of ISO 10303-21, or UTF-8",
            fix="export the model again, or convert the file to UTF-8, such as with iconv -f WINDOWS-1251",
        ) from error
    return _LETTERS.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\X2\\{found[0].encode('utf-16-be').hex().upper()}\\X0\\"


def _refuse_schema(path: Path, schema: str) -> InputError:
    return InputError(
        code="DES-040",
        where=str(path),
        got=f"the schema {schema or 'of nobody'}",
        expected=f"one of {', '.join(SCHEMAS)}",
        fix="export the model in one of these schemas",
    )

"""What is refused before a file is opened: too large, not what it says, cut off, made to fill the machine."""

import zipfile
from pathlib import Path
from typing import NoReturn

from oncopolis.foundation import InputError, check_size

MAX_MODEL_BYTES = 1 << 30  # structure: one gibibyte; a model takes some seven times its size in memory
MAX_PACKED_BYTES = 200 << 20  # structure: 200 MiB of workbook or BCF
MAX_UNPACKED_BYTES = 1 << 30  # structure: one gibibyte
SPLIT = "split it by building or by discipline and give the parts together"
MAX_ENTRIES = 100_000  # structure: files in one archive
MAX_RATIO = 1000  # structure: XML packs to a hundredth, nothing honest to a thousandth
_CHUNK_BYTES = 1 << 16  # structure: how much is read at a time
_TAIL_BYTES = 1 << 12  # structure: how far from the end the closing line may be
_FIRST = b"ISO-10303-21;"
_LAST = b"END-ISO-10303-21"
_MB = 1 << 20  # structure: a mebibyte


def check_step(path: Path) -> int:
    """Return the size of a file that begins and ends as an IFC file does.

    Raises
    ------
    InputError
        FIL-001 and FIL-005 as `check_size`; DES-032 if it is no IFC file, DES-033 if its end is missing.
    """
    size = check_size(path, MAX_MODEL_BYTES, SPLIT)
    with path.open("rb") as stream:
        head = stream.read(_TAIL_BYTES)
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_FIRST):
        raise InputError(
            code="DES-032",
            where=str(path),
            got=_word_head(head),
            expected=f"a file that begins with {_FIRST.decode()}",
            fix="export the model as IFC (.ifc, not .ifczip or .ifcxml), or give a COBie workbook (.xlsx)",
        )
    if _LAST not in tail:
        raise InputError(
            code="DES-033",
            where=str(path),
            got="a file that breaks off",
            expected=f"{_LAST.decode()}; as its last line",
            fix="export or copy the file again: a part of it is missing",
        )
    return size


def check_archive(path: Path, kind: str) -> int:
    """Return the size of a zip archive that unpacks to something reasonable and holds no entity declarations.

    Parameters
    ----------
    path
        File.
    kind
        What it should be, for the message.

    Raises
    ------
    InputError
        FIL-001 and FIL-005 as `check_size`; DES-034 if it is no archive, DES-035 if it would unpack to far
        more than it should, DES-036 if an XML file in it declares a document type.
    """
    size = check_size(path, MAX_PACKED_BYTES, SPLIT)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if (
                len(entries) > MAX_ENTRIES
                or unpacked > MAX_UNPACKED_BYTES
                or unpacked > MAX_RATIO * max(size, _TAIL_BYTES)
            ):
                _refuse_bomb(path, len(entries), unpacked, size)
            for entry in entries:
                if not entry.is_dir() and _is_xml(entry.filename):
                    with archive.open(entry) as stream:
                        check_declarations(stream.read, f"{path}: {entry.filename}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(
            code="DES-034",
            where=str(path),
            got=str(error).lower() or "an archive that cannot be read",
            expected=kind,
            fix="save or export the file again",
        ) from error
    return size


def check_declarations(read: object, where: str) -> None:
    """Refuse XML that declares a document type: entities could fetch files or grow without end.

    Parameters
    ----------
    read
        Function that returns the next bytes of the XML, as ``stream.read``.
    where
        Place for the message.

    Raises
    ------
    InputError
        DES-036.
    """
    from xml.parsers import expat

    assert callable(read)
    parser = expat.ParserCreate()
    found: list[str] = []

    def stop_at_doctype(name: str, *_: object) -> None:
        found.append(name)

    def stop_at_root(*_: object) -> None:
        raise StopIteration

    parser.StartDoctypeDeclHandler = stop_at_doctype
    parser.StartElementHandler = stop_at_root
    try:
        while not found and (chunk := read(_CHUNK_BYTES)):
            parser.Parse(chunk, False)
    except (StopIteration, expat.ExpatError):
        pass  # Broken XML is told by whoever reads it; only declarations are looked for here.
    if found:
        raise InputError(
            code="DES-036",
            where=where,
            got="a document type declaration",
            expected="XML without one, so that no entities can be declared",
            fix="remove the <!DOCTYPE …> part, or export the file again",
        )


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".bcf", ".bcfv", ".bcfp", ".version", ".vml", ".xsd"))


def _refuse_bomb(path: Path, n_entries: int, unpacked: int, size: int) -> NoReturn:
    raise InputError(
        code="DES-035",
        where=str(path),
        got=f"{n_entries} files of {unpacked / _MB:,.0f} MiB packed into {size / _MB:,.1f} MiB",
        expected=f"at most {MAX_UNPACKED_BYTES / _MB:,.0f} MiB and {MAX_ENTRIES:,} files, "
        f"packed no tighter than {MAX_RATIO} to 1",
        fix="get the file from its maker again; this one would fill the machine",
    )


def _word_head(head: bytes) -> str:
    if not head:
        return "an empty file"
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive"
    if head.lstrip().startswith(b"<"):
        return "an XML file"
    return f"a file that begins with {head[:16]!r}"

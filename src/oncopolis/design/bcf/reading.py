"""BCF 2.1 and 3.0 read back: what is open, what it is about."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from oncopolis.design.bcf.topics import VERSIONS, Topic
from oncopolis.design.reading import check_archive
from oncopolis.foundation import InputError

_OPEN = "Open"


def read_bcf(path: Path) -> list[Topic]:
    """Read the topics of a BCF file.

    Parameters
    ----------
    path
        File (.bcf or .bcfzip).

    Raises
    ------
    InputError
        FIL-001, FIL-005, DES-034, DES-035 and DES-036 as `check_archive`; DES-055 if it is of another
        version or its XML is broken.
    """
    check_archive(path, "a BCF file (.bcf or .bcfzip)")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        version = _parse(archive, "bcf.version", path).get("VersionId", "") if "bcf.version" in names else ""
        if version not in VERSIONS:
            raise InputError(
                code="DES-055",
                where=str(path),
                got=f"BCF {version}" if version else "no bcf.version",
                expected=f"BCF {' or '.join(VERSIONS)}",
                fix="export it in one of these versions",
            )
        return [
            _read_topic(archive, name, names, path) for name in sorted(names) if name.endswith("/markup.bcf")
        ]


def _parse(archive: zipfile.ZipFile, name: str, path: Path) -> ET.Element:
    try:
        return ET.fromstring(archive.read(name))  # noqa: S314 - declarations were refused before
    except ET.ParseError as error:
        raise InputError(
            code="DES-055",
            where=f"{path}: {name}",
            got=str(error),
            expected="XML",
            fix="export the BCF file again",
        ) from error


def _read_topic(archive: zipfile.ZipFile, name: str, names: set[str], path: Path) -> Topic:
    root = _parse(archive, name, path)
    topic = root.find("Topic")
    if topic is None:
        topic = ET.Element("Topic")
    labels = [element.text or "" for element in topic.iter("Label")]
    labels += [element.text or "" for element in topic.findall("Labels") if len(element) == 0]
    folder = name.rpartition("/")[0]
    guids: dict[str, None] = {}
    for view in sorted(one for one in names if one.startswith(f"{folder}/") and one.endswith(".bcfv")):
        for part in _parse(archive, view, path).iterfind("Components/Selection/Component"):
            guids[part.get("IfcGuid", "")] = None
    return Topic(
        id=topic.get("Guid", folder),
        title=topic.findtext("Title", ""),
        kind=topic.get("TopicType", ""),
        status=topic.get("TopicStatus", _OPEN),
        priority=topic.findtext("Priority", ""),
        rule=labels[0].strip() if labels else "",
        text=topic.findtext("Description", ""),
        guids=tuple(guid for guid in guids if guid),
    )

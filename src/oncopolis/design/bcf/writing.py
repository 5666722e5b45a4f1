"""BCF 2.1 and 3.0, written as what they are: a zip of small XML files."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from oncopolis.design.bcf.topics import GUID, Header, Topic

AUTHOR = "Oncopolis"
_MADE = (2000, 1, 1, 0, 0, 0)  # structure: any fixed date, so that the same review gives the same bytes
_ABOVE_M = 50.0  # structure: height of a camera that looks down on the plan
_ASPECT = 4 / 3  # structure: shape of a screen


def write_bcf(header: Header, topics: Sequence[Topic], version: str) -> bytes:
    """Write topics as a BCF file.

    Parameters
    ----------
    header
        Project and models.
    topics
        Topics.
    version
        ``2.1`` or ``3.0``.
    """
    is_3 = version == "3.0"
    files = {"bcf.version": _write_version(version), "project.bcfp": _write_project(header, is_3=is_3)}
    if is_3:
        files["extensions.xml"] = _write_extensions(topics)
    for topic in topics:
        files[f"{topic.id}/markup.bcf"] = _write_markup(header, topic, is_3=is_3)
        files[f"{topic.id}/viewpoint.bcfv"] = _write_viewpoint(topic, is_3=is_3)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, element in files.items():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            ET.indent(element)
            archive.writestr(entry, ET.tostring(element, "utf-8", xml_declaration=True))
    return stream.getvalue()


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = _clean(text) if text is not None else None
    return child


def _clean(text: str) -> str:
    """Drop what XML has no place for."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _write_version(version: str) -> ET.Element:
    root = ET.Element("Version", {"VersionId": version})
    if version != "3.0":
        _add(root, "DetailedVersion", version)
    return root


def _write_project(header: Header, *, is_3: bool) -> ET.Element:
    root = ET.Element("ProjectInfo" if is_3 else "ProjectExtension")
    project = _add(root, "Project", ProjectId=str(uuid5(NAMESPACE_URL, header.project)))
    _add(project, "Name", header.project)
    if not is_3:
        _add(root, "ExtensionSchema", "")
    return root


def _write_extensions(topics: Sequence[Topic]) -> ET.Element:
    root = ET.Element("Extensions")
    for many, one, words in (
        ("TopicTypes", "TopicType", {topic.kind for topic in topics}),
        ("TopicStatuses", "TopicStatus", {"Open", "Closed"}),
        ("Priorities", "Priority", {topic.priority for topic in topics}),
        ("TopicLabels", "TopicLabel", {topic.rule for topic in topics}),
        ("Users", "User", {AUTHOR}),
    ):
        listed = _add(root, many)
        for word in sorted(words):
            _add(listed, one, word)
    return root


def _write_markup(header: Header, topic: Topic, *, is_3: bool) -> ET.Element:
    root = ET.Element("Markup")
    head = _add(root, "Header")
    files = _add(head, "Files") if is_3 else head
    moment = f"{header.day}T00:00:00Z"
    for name, project in header.files:
        attributes = {"IfcProject": project} if GUID.fullmatch(project) else {}
        attributes["IsExternal" if is_3 else "isExternal"] = "true"
        file = _add(files, "File", None, **attributes)
        _add(file, "Filename", name)
        _add(file, "Date", moment)
    body = _add(root, "Topic", Guid=topic.id, TopicType=topic.kind, TopicStatus=topic.status)
    _add(body, "Title", topic.title)
    _add(body, "Priority", topic.priority)
    labels = _add(body, "Labels", None if is_3 else topic.rule)
    if is_3:
        _add(labels, "Label", topic.rule)
    _add(body, "CreationDate", moment)
    _add(body, "CreationAuthor", AUTHOR)
    _add(body, "Description", topic.text)
    view = str(uuid5(NAMESPACE_URL, f"{topic.id}/view"))
    if is_3:
        point = _add(_add(body, "Viewpoints"), "ViewPoint", Guid=view)
    else:
        point = _add(root, "Viewpoints", Guid=view)
    _add(point, "Viewpoint", "viewpoint.bcfv")
    return root


def _write_viewpoint(topic: Topic, *, is_3: bool) -> ET.Element:
    root = ET.Element("VisualizationInfo", {"Guid": str(uuid5(NAMESPACE_URL, f"{topic.id}/view"))})
    parts = _add(root, "Components")
    if topic.guids:
        selection = _add(parts, "Selection")
        for guid in topic.guids:
            _add(selection, "Component", IfcGuid=guid)
    _add(parts, "Visibility", DefaultVisibility="true")
    camera = _add(root, "OrthogonalCamera")
    x, y, z = topic.centre
    for tag, numbers in (
        ("CameraViewPoint", (x, y, z + _ABOVE_M)),
        ("CameraDirection", (0.0, 0.0, -1.0)),
        ("CameraUpVector", (0.0, 1.0, 0.0)),
    ):
        vector = _add(camera, tag)
        for axis, number in zip("XYZ", numbers, strict=True):
            _add(vector, axis, f"{number:.3f}")
    _add(camera, "ViewToWorldScale", f"{topic.width_m:.3f}")
    if is_3:
        _add(camera, "AspectRatio", f"{_ASPECT:.3f}")
    return root

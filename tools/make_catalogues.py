"""Gather every text that a report or a page shows, and keep the catalogues of translations in step with them.

``make_catalogues.py`` rewrites ``report/catalogues/*.po`` and the template beside them: translations stay,
texts that are gone go, new texts come in empty. ``--check`` changes nothing and tells what is missing.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from oncopolis.foundation import load_yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "oncopolis"
CATALOGUES = PACKAGE / "report" / "catalogues"
TEMPLATES = PACKAGE / "report" / "templates"
PAGES = PACKAGE / "web"
LIBRARY = PACKAGE / "centre" / "library"
EXAMPLES = PACKAGE / "centre" / "examples"
RULES = PACKAGE / "design" / "rules" / "packs"
TABLES = PACKAGE / "evidence" / "tables"
CHECKLISTS = PACKAGE / "biobank" / "quality" / "requirements.yaml"
SITES = PACKAGE / "centre" / "geography" / "sites.yaml"

LANGUAGES = ("ko", "ru", "uz")

COMPLETE = frozenset(
    {
        "report",
        "pages",
        "departments",
        "resources",
        "measures",
        "sites",
        "finance",
        "figures",
        "findings",
        "targets",
        "units",
    }
)
"""Groups in which every text is translated; in the others (rooms, items …) the English label may remain."""

PATTERNS = (
    "consulting rooms, {}",
    "Consulting rooms, {}",
    "Waiting places, {}",
    "Reception, {}",
    "Sets of examination rooms, {}",
    "Visit, {}",
    "Visits, {}",
    "Visit with examinations, {}",
    "Operation, {}",
    "Operations, {}",
    "Operation under local anaesthesia, {}",
    "Operations under local anaesthesia, {}",
)
"""Labels that examples compose; their parts are labels of their own."""

SHOWN_SECTIONS = frozenset(
    {
        "activities",
        "blocks",
        "campus",
        "catchment",
        "departments",
        "equipment",
        "finance",
        "flows",
        "measures",
        "openings",
        "pathways",
        "populations",
        "practices",
        "resources",
        "rooms",
        "targets",
    }
)
"""Sections of library and examples whose labels reach a report."""

_FUNCTIONS = {"text", "mark", "in_all"}
_FINDING_TEXTS = {"message", "actual", "expected", "fix"}
_SHOWN_KEYS = {"label", "frame", "group"}
_SLOT = "{}"
_LEAST_FIXED = 8
"""Letters of a pattern that begins with a place: one with fewer would fit labels that are none of it."""

Texts = dict[str, str]
"""Text -> group it was first met in."""


def gather_texts() -> Texts:
    """Gather all texts with their group, the report's own first."""
    texts: Texts = {}
    for group, found in (
        ("report", list_code_texts(PACKAGE / "report")),
        ("report", list_code_texts(PACKAGE / "twin")),
        ("report", list_code_texts(PACKAGE / "design" / "shielding")),
        ("findings", list_rule_texts(RULES)),
        ("report", list_template_texts(TEMPLATES)),
        ("pages", list_code_texts(PAGES)),
        ("pages", list_template_texts(PAGES)),
        ("pages", list_code_texts(PACKAGE / "operations" / "people")),
        ("pages", list_requirement_texts(CHECKLISTS)),
        ("sites", (site["label"]["en"] for site in read_sites())),
        ("figures", list_figure_labels(PACKAGE / "planning")),
        ("findings", list_finding_texts(PACKAGE / "planning")),
        ("findings", list_finding_texts(PACKAGE / "twin")),
        ("findings", list_finding_texts(PACKAGE / "studies")),
        ("findings", list_finding_texts(PACKAGE / "design" / "shielding")),
        ("report", list_table_texts(TABLES)),
        ("units", list_denominators()),
        ("figures", PATTERNS),
    ):
        for text in found:
            texts.setdefault(text, group)
    labels = sorted(list_library_texts(), key=lambda item: item[0] not in COMPLETE)
    for group, text in labels:
        texts.setdefault(text, group)
    return texts


def list_code_texts(folder: Path) -> Iterator[str]:
    """Yield the literal first arguments of `text(...)` and `mark(...)`."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name_of(node.func) in _FUNCTIONS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def list_template_texts(folder: Path) -> Iterator[str]:
    """Yield the literal first arguments of `text(...)` in templates."""
    environment = Environment(autoescape=True)
    for path in sorted(folder.rglob("*.html")):
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in _FUNCTIONS and call.args:
                first = call.args[0]
                if isinstance(first, nodes.Const):
                    yield str(first.value)


def list_figure_labels(folder: Path) -> Iterator[str]:
    """Yield the labels that the planner gives to figures; places in a label make it a pattern."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name_of(node.func) == "name" and len(node.args) > 1:
                yield from _write_pattern(node.args[1])


def _write_pattern(label: ast.expr) -> Iterator[str]:
    if isinstance(label, ast.Constant) and isinstance(label.value, str) and not label.value.isdecimal():
        yield label.value
    if isinstance(label, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else _SLOT for part in label.values]
        fixed = "".join(parts).replace(_SLOT, "").strip(" ,:%")
        if len(fixed) > (_LEAST_FIXED if parts[0] == _SLOT else 0):
            yield "".join(parts)
    if isinstance(label, ast.IfExp):
        yield from _write_pattern(label.body)
        yield from _write_pattern(label.orelse)


def list_finding_texts(folder: Path) -> Iterator[str]:
    """Yield what findings say, and the names of their rules in words."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name_of(node.func) == "Finding":
                for keyword in node.keywords:
                    if keyword.arg in _FINDING_TEXTS:
                        yield from _write_pattern(keyword.value)
                    elif keyword.arg == "rule" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value).replace("-", " ")


def list_rule_texts(folder: Path) -> Iterator[str]:
    """Yield what rules of a building's review say where they fail."""
    for path in sorted(folder.glob("*.yaml")):
        for rule in load_yaml(path).data["rules"]:
            yield rule["message"]
            yield rule["fix"]


def list_requirement_texts(path: Path) -> Iterator[str]:
    """Yield what checklists of the biobank ask, and what of the program shows it."""
    for requirement in load_yaml(path).data["requirements"]:
        yield from (requirement[name] for name in ("title", "asks", "shown") if name in requirement)


def list_table_texts(folder: Path) -> Iterator[str]:
    """Yield the names and caveats of the tables that checks cite."""
    for path in sorted(folder.glob("*.yaml")):
        for table in load_yaml(path).data.values():
            yield table["label"]
            if "note" in table:
                yield table["note"]


def list_denominators() -> Iterator[str]:
    """Yield the words for what a number is counted per."""
    from oncopolis.foundation.units import PER

    yield from sorted(f"per {name.replace('_', ' ')}" for name in PER)


def list_library_texts() -> Iterator[tuple[str, str]]:
    """Yield the labels of the library and of the examples with the section they stand in."""
    for path in (*sorted(LIBRARY.rglob("*.yaml")), *sorted(EXAMPLES.rglob("*.yaml"))):
        data = load_yaml(path).data or {}
        for section, entries in data.items():
            group = section if path.is_relative_to(LIBRARY) else "examples"
            for depth, text in _walk(entries, 0) if section in SHOWN_SECTIONS else ():
                if group in COMPLETE or not any(
                    text.startswith(pattern.removesuffix(_SLOT)) for pattern in PATTERNS
                ):
                    yield (group if depth <= 2 else f"{group}, in detail"), text


def _walk(value: Any, depth: int) -> Iterator[tuple[int, str]]:
    """Yield labels with their depth; those of evidence rows stay in the language of their sources."""
    if isinstance(value, dict) and "value" not in value:
        for key, item in value.items():
            if key in _SHOWN_KEYS and isinstance(item, str):
                yield depth, item
            else:
                yield from _walk(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)


def read_sites() -> list[dict[str, Any]]:
    """Read the sites with their names in all languages."""
    sites: list[dict[str, Any]] = load_yaml(SITES).data["sites"]
    return sites


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def read_translations(language: str) -> dict[str, str]:
    """Read the translations there are."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def build_catalogue(language: str | None, texts: Texts, translations: dict[str, str]) -> Catalog:
    """Build a catalogue: sites by their own file, the rest by the translations there are."""
    known = dict(translations)
    if language:
        known |= {site["label"]["en"]: site["label"][language] for site in read_sites()}
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for text in sorted(texts, key=lambda text: (texts[text], text)):
        catalogue.add(text, known.get(text, ""), auto_comments=[texts[text]])
    return catalogue


def list_missing(texts: Texts, translations: dict[str, str]) -> list[str]:
    """List the texts of complete groups that have no translation."""
    return [text for text, group in texts.items() if group in COMPLETE and not translations.get(text)]


def main(arguments: Sequence[str]) -> int:
    """Rewrite the catalogues, or only check them."""
    texts = gather_texts()
    n_missing = 0
    for language in (None, *LANGUAGES):
        translations = read_translations(language) if language else {}
        catalogue = build_catalogue(language, texts, translations)
        if "--check" not in arguments:
            path = CATALOGUES / (f"{language}.po" if language else "oncopolis.pot")
            with path.open("wb") as stream:
                write_po(stream, catalogue, width=110, omit_header=True)
        if language:
            done = sum(bool(message.string) for message in catalogue if message.id)
            missing = list_missing(texts, translations)
            n_missing += len(missing)
            print(f"{language}: {done} of {len(texts)} texts; {len(missing)} missing that must be there")
            for text in missing:
                print(f"  {texts[text]}: {text}", file=sys.stderr)
    return 1 if n_missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Make docs/reference from the code, so that the two cannot disagree; ``--check`` only compares."""

import sys
from collections.abc import Sequence
from pathlib import Path

from reference import (
    cancer_pages,
    code_pages,
    command_pages,
    evidence_pages,
    exchange_pages,
    fhir_pages,
    schema_pages,
    validation_pages,
)
from reference.markdown import to_page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MAKERS = (
    command_pages,
    schema_pages,
    evidence_pages,
    validation_pages,
    fhir_pages,
    cancer_pages,
    exchange_pages,
    code_pages,
)
_ABOUT = "Made by `make docs` from the code; edit the code, not these pages."


def build_pages() -> dict[str, str]:
    """Return every page by its path below docs/reference."""
    pages: dict[str, str] = {}
    for maker in MAKERS:
        pages.update(maker.list_pages())
    links = [
        f"- [{_title_of(text)}]({path})"
        for path, text in pages.items()
        if path.endswith(".md") and ("/" not in path or path.endswith("/index.md"))
    ]
    return {"index.md": to_page("Reference", _ABOUT, "\n".join(links))} | pages


def list_stale(pages: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """List the pages that differ from the code, are missing, or should be gone."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    changed = {
        name for name, text in pages.items() if name in there and (folder / name).read_text("utf-8") != text
    }
    return sorted(changed | (there ^ pages.keys()))


def write(pages: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """Write what is stale and return its names."""
    stale = list_stale(pages, folder)
    for name in stale:
        path = folder / name
        if name in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[name], "utf-8")
        else:
            path.unlink()
    return stale


def _title_of(text: str) -> str:
    return text.splitlines()[0].removeprefix("# ")


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` say which are stale."""
    pages = build_pages()
    check_only = "--check" in arguments
    stale = list_stale(pages) if check_only else write(pages)
    for name in stale:
        print(f"{'stale' if check_only else 'written'}: docs/reference/{name}")
    print(f"{len(pages)} pages, {len(stale)} {'stale; run `make docs`' if check_only else 'written'}")
    return 1 if check_only and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

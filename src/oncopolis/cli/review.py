"""``oncopolis review``: an architect's models against the plan and the rules."""

from pathlib import Path

import click

from oncopolis.cli.options import language_option, out_option, project_argument, set_option

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="review")
@project_argument
@click.argument("models", type=_FILE, nargs=-1, required=True, metavar="MODEL...")
@out_option("review")
@click.option(
    "--against",
    type=_FILE,
    multiple=True,
    metavar="OLDER",
    help="Older revision: its models, or the review.json written of it; may be given many times.",
)
@click.option(
    "--rules",
    multiple=True,
    metavar="PACK",
    help="More rules: a packaged pack, such as va-277, or a YAML file of yours; may be given many times.",
)
@click.option(
    "--ids", type=_FILE, multiple=True, metavar="FILE", help="IDS file to check; may be given many times."
)
@click.option("--mapping", type=_FILE, metavar="FILE", help="Corrected mapping.csv: what each space is.")
@click.option("--waivers", type=_FILE, metavar="FILE", help="YAML of what is let pass, by whom, until when.")
@click.option(
    "--baseline",
    type=_FILE,
    metavar="FILE",
    help="Earlier review (review.json or BCF) whose findings are known and fail nothing.",
)
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@language_option("report")
def command(
    project: Path,
    models: tuple[Path, ...],
    out: Path,
    against: tuple[Path, ...],
    rules: tuple[str, ...],
    ids: tuple[Path, ...],
    mapping: Path | None,
    waivers: Path | None,
    baseline: Path | None,
    settings: dict[str, str],
    as_json: bool,
    language: str,
) -> int:
    """Review models of a building against its plan.

    PROJECT is the folder of centre.yaml; MODEL an IFC file (IFC2X3, IFC4, IFC4X3) or a COBie workbook;
    several are read as one building. Written are review.json, review.html with plans, review.xlsx, BCF 3.0
    and 2.1, and mapping.csv, to be corrected and given back.

    Exits with 1 when a finding is an error that is neither waived nor known, with 2 when a file cannot be
    used; then nothing is written.
    """
    import json
    from datetime import UTC, datetime

    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import check_folder
    from oncopolis.report.language import find_language
    from oncopolis.report.review import REVIEW_FILES, summarise_review, write_review
    from oncopolis.studies.reviewing import Asked, review_project

    check_folder(out, REVIEW_FILES)
    with show_progress("reviewing") as advance:
        document = review_project(
            project,
            models,
            Asked(rules, ids, mapping, waivers, baseline, against),
            settings=settings,
            translate=lambda code, label: find_language(code).label(label),
            today=datetime.now(UTC).date(),
            on_progress=advance,
        )
        written = write_review(document, out, language=language, on_progress=advance)
    if as_json:
        click.echo(json.dumps(document["findings"], ensure_ascii=False, indent=2))
    else:
        click.echo(summarise_review(document, language))
        for path in written:
            click.echo(path)
    return EXIT_FINDINGS if document["is_failing"] else 0

"""``oncopolis brief``: what a plan asks a building to hold, for the architect."""

from pathlib import Path

import click

from oncopolis.cli.options import language_option, out_option, project_argument, set_option


@click.command(name="brief")
@project_argument
@out_option("brief")
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@language_option("documents")
def command(project: Path, out: Path, settings: dict[str, str], as_json: bool, language: str) -> int:
    """Write the brief of a centre for its architect.

    PROJECT is the folder of centre.yaml. Written are the space programme, room data sheets and equipment
    list (brief.xlsx, brief.pdf), the requirements that design software loads (requirements.ids), a concept
    model (concept.ifc), a plan of each storey (plan_*.svg) and a summary (brief.json).

    Exits with 1 when a finding is an error; the brief is written all the same.
    """
    import json

    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import check_folder
    from oncopolis.report.brief import BRIEF_FILES, label_in, summarise_brief, write_brief
    from oncopolis.studies.briefing import brief_project

    check_folder(out, BRIEF_FILES)
    with show_progress("briefing") as advance:
        layout = brief_project(project, settings=settings, translate=label_in, on_progress=advance)
        written, summary = write_brief(layout, out, language=language, on_progress=advance)
    if as_json:
        click.echo(json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(summarise_brief(summary, language=language))
        for path in written:
            click.echo(path)
    return EXIT_FINDINGS if any(finding["severity"] == "error" for finding in summary["findings"]) else 0

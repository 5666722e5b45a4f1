"""``oncopolis shield``: the walls and doors of a treatment room against their limits."""

from pathlib import Path

import click

from oncopolis.cli.options import language_option, set_option


@click.command(name="shield")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("project", type=click.Path(path_type=Path), required=False)
@set_option
@click.option(
    "--model",
    "models",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="MODEL",
    help="IFC file that walls named in FILE are drawn in; may be given many times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for shielding.json, shielding.html and plan.svg; made if missing.",
)
@language_option("headings")
def command(
    file: Path,
    project: Path | None,
    settings: dict[str, str],
    models: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    language: str,
) -> int:
    """Check the shielding of a treatment room by NCRP Report 151.

    FILE is a YAML file with the machine, the barriers and the people behind them. PROJECT is the folder of
    centre.yaml, where the workload is to come from its plan; --set changes that plan.

    It is a check for a qualified expert, no licence. Exits with 1 when a barrier or a door lets too much
    through, or cannot be checked.
    """
    if settings and project is None:
        raise click.UsageError("--set changes the plan of a PROJECT; give its folder after the file.")
    import json

    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.design.reading import read_models
    from oncopolis.design.shielding import check_bunker, read_bunker, to_document
    from oncopolis.report import check_folder
    from oncopolis.report.canonical import round_numbers
    from oncopolis.report.shielding import SHIELDING_FILES, summarise_shielding, write_shielding

    if out is not None:
        check_folder(out, SHIELDING_FILES)
    bunker = read_bunker(file)
    building = read_models(models) if models else None
    document = to_document(check_bunker(bunker, project, settings, building))
    written = write_shielding(document, out, language=language) if out is not None else []
    if as_json:
        click.echo(json.dumps(round_numbers(document), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(summarise_shielding(document, language=language))
        for path in written:
            click.echo(path)
    return 0 if document["is_enough"] else EXIT_FINDINGS

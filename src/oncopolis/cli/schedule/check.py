"""``oncopolis schedule check``: whether a schedule keeps every rule, and what it costs."""

from pathlib import Path

import click

MOST_PRINTED = 20  # structure: violations that one screen holds


@click.command(name="check")
@click.argument("instance", type=click.Path(path_type=Path))
@click.argument("solution", type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print cost, costs and violations as JSON.")
def command(instance: Path, solution: Path, as_json: bool) -> int:
    """Check a schedule, whoever has made it.

    INSTANCE says of which kind the schedule is. What is checked, and what things cost, is told by a program
    that shares no code with the solvers.

    Exits with 1 when a rule is broken.
    """
    import json

    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.cli.findings import print_finding
    from oncopolis.cli.schedule.kinds import get_kind

    verdict = get_kind(instance).check_files(instance, solution)
    if as_json:
        violations = [finding.model_dump() for finding in verdict.violations]
        told = {"cost": verdict.cost, "costs": dict(verdict.costs), "violations": violations}
        if verdict.past_target:
            told["past_target"] = dict(verdict.past_target)
        click.echo(json.dumps(told))
    else:
        for finding in verdict.violations[:MOST_PRINTED]:
            print_finding(finding)
        if len(verdict.violations) > MOST_PRINTED:
            click.echo(f"and {len(verdict.violations) - MOST_PRINTED} more: --json has them all", err=True)
        for component, cost in verdict.costs.items():
            click.echo(f"{component:<28}{cost:>10}")
        click.echo(f"{'cost':<28}{verdict.cost:>10}")
        for clinical_class, (late, out) in verdict.past_target.items():
            click.echo(f"class {clinical_class}: {late} after their target day, {out} left out")
        click.echo(f"{len(verdict.violations)} violations")
    return EXIT_FINDINGS if verdict.violations else 0

"""``oncopolis evidence``: read and check the coefficients."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from oncopolis.evidence import Row


@click.group(name="evidence")
def command() -> None:
    """Read and check the coefficients behind every figure."""


@command.command(name="list")
@click.argument("prefix", default="")
def list_rows(prefix: str) -> None:
    """List the evidence rows, or those whose key begins with PREFIX."""
    from oncopolis.evidence import load_evidence

    for key, row in sorted(load_evidence().rows.items()):
        if key.startswith(prefix):
            click.echo(f"{key}\t{to_figure(row)}\t{row.source}{'' if row.is_verified else ' (unverified)'}")


@command.command(name="show")
@click.argument("key")
def show_row(key: str) -> None:
    """Show the evidence row KEY with its range, source and reason."""
    from oncopolis.evidence import list_sources, load_evidence

    evidence = load_evidence()
    row = evidence.get_row(key, "evidence show")
    source = list_sources().get(row.source)
    lines = {
        "key": key,
        "label": row.label,
        "value": to_figure(row),
        "year": row.year,
        "population": row.population,
        "source": source.citation if source else row.source,
        "locator": row.locator,
        "status": f"{row.status}, {'source opened' if row.opened else 'unverified: source not opened'}",
        "signed by": ", ".join(row.signed_by),
        "note": row.note,
        "written at": evidence.places.get(key),
    }
    for name, text in lines.items():
        if text:
            click.echo(f"{name + ':':<12}{text}")


@command.command(name="check")
def check_rows() -> int:
    """Check rows and bibliography, and list rows nothing reads; exits with 1 when a finding is an error."""
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.evidence import check_sources, check_unused, list_sources, load_evidence
    from oncopolis.studies import list_used_keys

    evidence = load_evidence()
    findings = [*check_sources(evidence, list_sources()), *check_unused(evidence, list_used_keys(evidence))]
    for finding in findings:
        click.echo(f"{finding.severity}: {finding.where}: {finding.message}; {finding.fix} [{finding.rule}]")
    n_errors = sum(finding.severity == "error" for finding in findings)
    click.echo(f"{len(evidence.rows)} rows, {n_errors} errors, {len(findings) - n_errors} warnings")
    return EXIT_FINDINGS if n_errors else 0


def to_figure(row: "Row") -> str:
    """Write value, range, unit and denominator in one phrase."""
    span = f" ({row.low:g} to {row.high:g})" if row.is_ranged else ""
    per = f" per {row.per.replace('_', ' ')}" if row.per else ""
    return f"{row.value:g}{span} {row.unit}{per}"

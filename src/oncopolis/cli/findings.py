"""Findings on the terminal, as soon as they are known."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from oncopolis.foundation import Finding


def print_finding(finding: "Finding") -> None:
    """Print one finding to stderr."""
    found = f"got {finding.actual}, expected {finding.expected}" if finding.expected else finding.actual
    click.echo(
        f"{finding.severity}: {finding.where}: {finding.message}: {found}; {finding.fix} [{finding.rule}]",
        err=True,
    )

"""The command line: one file a command, no logic of its own."""

from oncopolis.cli.entry import main

__all__ = ["main"]

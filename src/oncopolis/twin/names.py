"""`Names`: what the rows that are counted are called."""

from dataclasses import dataclass, field


@dataclass
class Names:
    """Names of the rows that are counted, in the order of their numbers."""

    activities: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    cohorts: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    stop_steps: list[str] = field(default_factory=list)
    """Step of each stop, for the log."""

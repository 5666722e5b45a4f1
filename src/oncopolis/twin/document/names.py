"""`Names`: labels of the things that results name by their ids."""

from functools import cached_property

from oncopolis.twin.document.about import About

COHORT, FLOW = "cohort", "flow"


class Names:
    """Labels of one definition.

    Parameters
    ----------
    about
        What is said of the run.
    """

    def __init__(self, about: About) -> None:
        self.centre = about.centre
        self._routes = about.equipped.project.network.routes

    def label(self, kind: str, name: str) -> str:
        """Return the label of something, its id in words if the definition has none of that name.

        Parameters
        ----------
        kind
            ``activity``, ``resource``, ``pathway``, ``department`` or ``measure``.
        name
            Its id.
        """
        found = {
            "activity": self.centre.activities,
            "resource": self.centre.resources,
            "pathway": self.centre.pathways,
            "department": self.centre.departments,
            "measure": self.centre.measures,
        }[kind].get(name)  # type: ignore[attr-defined]  # five mappings of things that have a label
        return str(found.label) if found else to_words(name)

    def label_step(self, name: str) -> str:
        """Return the label of ``pathway/step`` without that of the pathway."""
        return self._steps.get(name) or to_words(name.partition("/")[2].rpartition(".")[2])

    @cached_property
    def _steps(self) -> dict[str, str]:
        steps: dict[str, str] = {}
        for (pathway, _, _), route in self._routes.items():
            for stop in route.stops:
                label = stop.label
                if not label and stop.tasks:
                    label = self.label("activity", stop.tasks[0].activity.id)
                steps.setdefault(f"{pathway}/{stop.id}", label)
        return steps

    def find_group(self, source: str) -> tuple[str, str]:
        """Return the key and the label of the cohort or flow that a source belongs to.

        Sources are ``cohort.<site>.<stage>`` or ``flow.<id>``; either may stand without its first part.
        """
        parts = source.split(".")
        kind, rest = (parts[0], parts[1:]) if parts[0] in (COHORT, FLOW) else ("", parts)
        name = rest[0]
        if kind != FLOW and name in self.centre.cohorts:
            return f"{COHORT}.{name}", self.centre.cohorts[name].label
        if kind != COHORT and name in self.centre.flows:
            return f"{FLOW}.{name}", self.centre.flows[name].label
        return source, to_words(source)

    def group(self, sources: tuple[str, ...]) -> dict[str, tuple[str, list[int]]]:
        """Return cohorts and flows with their label and the rows of their sources."""
        groups: dict[str, tuple[str, list[int]]] = {}
        for row, source in enumerate(sources):
            key, label = self.find_group(source)
            groups.setdefault(key, (label, []))[1].append(row)
        return groups


def to_words(name: str) -> str:
    """Write an id as words."""
    return name.replace("_", " ")

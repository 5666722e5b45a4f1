"""The definition of a centre, read from a project folder and checked."""

from oncopolis.centre.copying import copy_example, list_examples
from oncopolis.centre.definition import Centre
from oncopolis.centre.network import Entry, FlowEntry, Network, RouteKey
from oncopolis.centre.reading import Project, read_project
from oncopolis.centre.resolving import Coefficient, Resolver
from oncopolis.centre.route import BoundActivity, Route, Stop
from oncopolis.centre.schema import to_project_schema

__all__ = [
    "BoundActivity",
    "Centre",
    "Coefficient",
    "Entry",
    "FlowEntry",
    "Network",
    "Project",
    "Resolver",
    "Route",
    "RouteKey",
    "Stop",
    "copy_example",
    "list_examples",
    "read_project",
    "to_project_schema",
]

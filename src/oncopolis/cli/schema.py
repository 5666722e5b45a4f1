"""``oncopolis schema``: the shapes of what goes in and what comes out."""

import json

import click


@click.command(name="schema")
@click.argument("name", metavar="[project|plan|twin]", type=click.Choice(("project", "plan", "twin")))
def command(name: str) -> None:
    """Print a JSON Schema: of centre.yaml, of plan.json, or of twin.json."""
    if name == "project":
        from oncopolis.centre import to_project_schema

        schema = to_project_schema()
    elif name == "plan":
        from oncopolis.planning import to_plan_schema

        schema = to_plan_schema()
    else:
        from oncopolis.twin.document import to_twin_schema

        schema = to_twin_schema()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))

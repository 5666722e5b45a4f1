"""``oncopolis schema``: the shapes of what goes in and what comes out."""

import json

import click


@click.command(name="schema")
@click.argument("name", metavar="[project|plan]", type=click.Choice(("project", "plan")))
def command(name: str) -> None:
    """Print a JSON Schema: of centre.yaml, or of plan.json."""
    if name == "project":
        from oncopolis.centre import to_project_schema

        schema = to_project_schema()
    else:
        from oncopolis.planning import to_plan_schema

        schema = to_plan_schema()
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))

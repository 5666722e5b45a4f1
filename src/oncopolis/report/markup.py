"""Pieces of HTML filled with escaped parts."""

from markupsafe import Markup, escape


def fill(template: str, *parts: object) -> Markup:
    """Fill the ``{}`` of a template with parts, escaping those that are no markup yet.

    Does what `Markup.format` does several times as fast, which a page of thousands of entries needs.
    """
    return Markup(template.format(*map(escape, parts)))  # noqa: S704 (the template is ours, its parts are escaped)

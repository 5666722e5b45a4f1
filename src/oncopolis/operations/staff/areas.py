"""In which departments somebody works: by their posts, and by the clinics of their account."""

from collections.abc import Collection

from oncopolis.operations.courses.indexes import Posts
from oncopolis.operations.floor import Floor
from oncopolis.operations.house.naming import make_id

CENTRE = "centre"
"""Organization that all departments of the definition belong to."""


def find_areas(floor: Floor, practitioner: str | None, clinics: Collection[str]) -> frozenset[str] | None:
    """Return the departments somebody works in; None for all of them.

    Clinics of others than this centre give none of its departments. A post that names no department is good
    in all; who holds no post works wherever their role may.
    """
    if clinics and CENTRE not in clinics:
        return frozenset()
    posts = floor.index(Posts).list_of(practitioner) if practitioner else ()
    if not posts or not all(post.places for post in posts):
        return None
    return find_tied(floor, practitioner)


def find_tied(floor: Floor, practitioner: str | None) -> frozenset[str]:
    """Return the departments that somebody's posts name: theirs come first where they may see others, too."""
    posts = floor.index(Posts).list_of(practitioner) if practitioner else ()
    places = {place for post in posts for place in post.places}
    return frozenset(key for key in floor.house.centre.departments if make_id("department", key) in places)

"""The login: pages for people, OpenID Connect for programs, and the gate before the record."""

from oncopolis.web.login.gate import Gate
from oncopolis.web.login.house import House, make_house
from oncopolis.web.login.outside import Outside, make_outside, read_rule
from oncopolis.web.login.provider.publishing import make_security
from oncopolis.web.login.routing import Page, make_routes
from oncopolis.web.login.shielding import Shield
from oncopolis.web.login.table import PAGES

__all__ = [
    "PAGES",
    "Gate",
    "House",
    "Outside",
    "Page",
    "Shield",
    "make_house",
    "make_outside",
    "make_routes",
    "make_security",
    "read_rule",
]

"""A demonstration: a server whose patients are invented, and says so on every page and record."""

from oncopolis.web.demo.caring import Caring
from oncopolis.web.demo.cases import price
from oncopolis.web.demo.hours import find_zone, move
from oncopolis.web.demo.marking import TAG, Bannered
from oncopolis.web.demo.running import Demo, check_is_invented, find_demo_places, make_first
from oncopolis.web.demo.storing import Storing

__all__ = [
    "TAG",
    "Bannered",
    "Caring",
    "Demo",
    "Storing",
    "check_is_invented",
    "find_demo_places",
    "find_zone",
    "make_first",
    "move",
    "price",
]

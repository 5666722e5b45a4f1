"""The live centre: people, appointments, visits, queues, beds and machines, each changed by acts alone."""

from oncopolis.operations.acts import ACTS, VIEWS, get_act
from oncopolis.operations.deciding import Act, Decision, Message, Moment
from oncopolis.operations.floor import Floor, Index
from oncopolis.operations.house import House, make_house
from oncopolis.operations.performing import Live, Wish, fold, make_wish
from oncopolis.operations.views import Claim, Record, View

__all__ = [
    "ACTS",
    "VIEWS",
    "Act",
    "Claim",
    "Decision",
    "Floor",
    "House",
    "Index",
    "Live",
    "Message",
    "Moment",
    "Record",
    "View",
    "Wish",
    "fold",
    "get_act",
    "make_house",
    "make_wish",
]

"""Links by which a patient, or a carer, opens the page of a journey on one phone."""

from oncopolis.record.accounts.journeys.errors import JourneyRefused
from oncopolis.record.accounts.journeys.giving import Given, give, take_back
from oncopolis.record.accounts.journeys.opening import check_link, find_journey, list_journeys, open_link
from oncopolis.record.accounts.journeys.rows import Journey

__all__ = [
    "Given",
    "Journey",
    "JourneyRefused",
    "check_link",
    "find_journey",
    "give",
    "list_journeys",
    "open_link",
    "take_back",
]

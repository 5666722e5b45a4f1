"""The house of the live centre: what is the same every day."""

from oncopolis.operations.house.cards import SLOT_MIN, Card
from oncopolis.operations.house.house import House, make_house
from oncopolis.operations.house.naming import make_id
from oncopolis.operations.house.tariffs import Tariff, Tariffs
from oncopolis.operations.house.units import UnitCard

__all__ = ["SLOT_MIN", "Card", "House", "Tariff", "Tariffs", "UnitCard", "make_house", "make_id"]

"""Neighbours beside the API: HL7 v2 over MLLP in and out, and files in a folder."""

from oncopolis.web.exchange.exchanging import Exchange, exchange

__all__ = ["Exchange", "exchange"]

"""Neighbours beside the API: HL7 v2 over MLLP in and out, files in a folder, the DICOM worklist."""

from oncopolis.web.exchange.exchanging import Exchange, exchange
from oncopolis.web.exchange.stations import serve_worklist

__all__ = ["Exchange", "exchange", "serve_worklist"]

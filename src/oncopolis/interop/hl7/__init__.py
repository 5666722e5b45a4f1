"""HL7 v2 as text: frames, separators, escapes, charsets, segments, acknowledgements.

The codec is our own: hl7apy, which knows the structures of each version, needs 12 ms of CPU for a small
message and reads no bytes; it checks the structure of what we send (`structure`).
"""

from oncopolis.interop.hl7.message import Message, Segment, parse
from oncopolis.interop.hl7.refusing import Refusal
from oncopolis.interop.hl7.separators import STANDARD, Separators

__all__ = ["STANDARD", "Message", "Refusal", "Segment", "Separators", "parse"]

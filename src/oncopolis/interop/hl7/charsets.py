"""Names of charsets, of HL7 table 0211 and as senders write them, and what reads them."""

from typing import Final

from oncopolis.interop.hl7.refusing import Refusal, show

__all__ = ["CODECS", "decode", "encode", "find_codec"]

CODECS: Final = {
    "": "ascii",
    "ASCII": "ascii",
    "8859/1": "iso8859-1",
    "8859/2": "iso8859-2",
    "8859/5": "iso8859-5",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "ISO-8859-1": "iso8859-1",
    "ISO-8859-5": "iso8859-5",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "KS X 1001": "cp949",
    "EUC-KR": "cp949",
    "CP949": "cp949",
    "WINDOWS-1251": "cp1251",
    "CP1251": "cp1251",
    "WINDOWS-1252": "cp1252",
}
"""MSH-18 -> codec. What is called EUC-KR is in practice its superset CP949."""


def find_codec(name: str, where: str = "MSH-18") -> str:
    """Return the codec of a charset; `Refusal` if the name is not known."""
    codec = CODECS.get(name.strip().upper().replace("_", "-"))
    if codec is None:
        known = ", ".join(name for name in CODECS if name)
        raise Refusal(
            code="INT-002", where=where, got=show(name), expected=f"one of {known}", condition="103"
        )
    return codec


def decode(data: bytes, codec: str) -> str:
    """Return the text of a message; `Refusal` names the segment and the byte that is not of its charset."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        start = max(data.rfind(b"\r", 0, error.start), data.rfind(b"\n", 0, error.start)) + 1
        segment = data[start : start + len("MSH")].decode("ascii", "replace")
        raise Refusal(
            code="INT-003", where=f"{segment} (byte {error.start})", got=f"0x{data[error.start]:02x}",
            expected=f"a character of {codec}, which MSH-18 or the settings name",
        ) from None  # fmt: skip


def encode(text: str, codec: str) -> bytes:
    """Return the bytes of a message; `Refusal` names a character that its charset does not have."""
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        raise Refusal(
            code="INT-004", where="message", got=show(text[error.start : error.end]),
            expected=f"characters of {codec}",
        ) from None  # fmt: skip

"""The worklist on a port: C-ECHO and C-FIND of the Modality Worklist Information Model (PS3.4 K)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, Self, TypeAlias

from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import ModalityWorklistInformationFind, Verification  # type: ignore[attr-defined]

from oncopolis.foundation import InputError
from oncopolis.interop.dicom.charsets import choose_charset
from oncopolis.interop.dicom.matching import matches, pick
from oncopolis.interop.dicom.settings import DicomSettings, Station

__all__ = ["Answer", "Worklist"]

Answer: TypeAlias = Callable[[str, Dataset], Sequence[Dataset]]
"""From the title of a station and its query to all that may be meant, once that is in the audit."""

_PENDING, _PENDING_SOME = 0xFF00, 0xFF01  # structure: statuses of C-FIND (PS3.4 K.4.1.1.4)
_CANCELLED, _FAILED, _NO_QUERY = 0xFE00, 0xC001, 0xA900  # structure: statuses of C-FIND (PS3.4 K.4.1.1.4)
_NOT_AUTHORIZED = 0x0124  # structure: status of DIMSE (PS3.7 C.5.22)
_MOST_CONNECTIONS: Final = 64  # structure: more than a hospital has stations
_SILENCE_S: Final = 60  # structure: how long a station may be silent within a connection
_MOST_STRANGERS: Final = 1_000  # structure: addresses whose refusal is told


class Worklist:
    """Answers on a port while the block runs.

    Parameters
    ----------
    address
        Host, and port or 0 for one that is free.
    say
        Told who is refused and what fails, a line each.

    Raises
    ------
    InputError
        When entered: somebody else has the port, or it is forbidden (INT-073).
    """

    def __init__(
        self, settings: DicomSettings, address: tuple[str, int], answer: Answer, say: Callable[[str], None]
    ) -> None:
        self._settings, self._address, self._answer, self._say = settings, address, answer, say
        self._strangers: set[str] = set()
        self._ae = AE(ae_title=settings.ae_title)
        self._ae.add_supported_context(Verification)
        self._ae.add_supported_context(ModalityWorklistInformationFind)
        self._ae.require_called_aet = True
        self._ae.maximum_associations = _MOST_CONNECTIONS
        self._ae.network_timeout = self._ae.acse_timeout = self._ae.dimse_timeout = _SILENCE_S
        self._server: Any = None

    @property
    def port(self) -> int:
        """Where it is answered."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        handlers: list[Any] = [(evt.EVT_C_FIND, self._find), (evt.EVT_C_ECHO, lambda _event: 0)]
        try:
            self._server = self._ae.start_server(self._address, block=False, evt_handlers=handlers)
        except OSError as error:
            host, port = self._address
            raise InputError(
                code="INT-073", where="--dicom", got=f"{host}:{port}: {error.strerror}",
                expected="an address that is free and ours", fix="stop who has it, or choose another port",
            ) from error  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._ae.shutdown()

    def _find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        title = str(event.assoc.requestor.ae_title).strip()
        address = str(event.assoc.requestor.address)
        station = self._settings.stations.get(title)
        if station is None or not station.may_call(address):
            self._refuse(title, address)
            yield _NOT_AUTHORIZED, None
            return
        keys = _read_keys(event)
        if keys is None:
            yield _NO_QUERY, None
            return
        try:
            found = [one for one in self._answer(title, keys) if matches(keys, one)]
            answers = [_make_answer(keys, one, station) for one in found]
        except Exception as error:  # noqa: BLE001 - the station is told, and the next one is answered
            self._say(f"worklist: {title} got no answer: {error}")
            yield _FAILED, None
            return
        for status, answer in answers:
            if event.is_cancelled:
                yield _CANCELLED, None
                return
            yield status, answer

    def _refuse(self, title: str, address: str) -> None:
        """Tell of a stranger, the first time it asks."""
        who = f"{title} at {address}"
        if who not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers.add(who)
            self._say(f"worklist: {who} is refused: no station of the settings")


def _read_keys(event: Any) -> Dataset | None:
    """Return a query; None if it cannot be read or has no scheduled procedure step."""
    with suppress(Exception):
        keys = event.identifier
        for element in keys:
            assert element is not None  # Each is decoded when it is looked at.
        keys.decode()
        if "ScheduledProcedureStepSequence" in keys:
            return Dataset(keys)
    return None


def _make_answer(keys: Dataset, there: Dataset, station: Station) -> tuple[int, Dataset]:
    answer = pick(keys, there)
    answer.SpecificCharacterSet = choose_charset(answer, station.charset)
    is_whole = all(key.tag in there or key.keyword == "SpecificCharacterSet" for key in keys)
    return (_PENDING if is_whole else _PENDING_SOME), answer

"""The modality worklist, where there is one: DICOM's dictionaries are read only then."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from oncopolis.interop.dicom.settings import DicomSettings
from oncopolis.operations import Live

__all__ = ["serve_worklist"]


def serve_worklist(
    live: Live,
    settings: DicomSettings | None,
    address: tuple[str, int] | None,
    say: Callable[[str], None],
) -> AbstractContextManager[None]:
    """Answer stations while the block runs; without settings there are none.

    Raises
    ------
    InputError
        A station is of a unit that is not there, or somebody else has the port.
    """
    if settings is None or address is None:
        return nullcontext()
    from oncopolis.web.exchange.worklist import answer_stations

    return answer_stations(live, settings, address, say)

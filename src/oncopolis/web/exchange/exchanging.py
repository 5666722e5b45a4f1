"""Everything that serves neighbours, started and ended together."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from oncopolis.interop.dicom.settings import DicomSettings, load_dicom_settings
from oncopolis.interop.drop.loading import Loader
from oncopolis.interop.drop.mappings import load_mappings
from oncopolis.interop.messages.announcing import announce
from oncopolis.interop.messages.taking import Taker
from oncopolis.interop.overlay.watching import watch
from oncopolis.interop.settings import Settings, find_settings, load_settings
from oncopolis.record.store import Store
from oncopolis.web.exchange.dropping import Dropping
from oncopolis.web.exchange.listening import Listener
from oncopolis.web.exchange.masters import NamesMasters
from oncopolis.web.exchange.sending import Senders
from oncopolis.web.mode import Mode

__all__ = ["Exchange", "exchange"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a server does for neighbours.

    Parameters
    ----------
    port
        Where MLLP is answered; None if it is not.
    drop
        Folder for files; None if there is none.
    dicom
        Host and port of the modality worklist; None if there is none.
    """

    port: int | None = None
    host: str = "127.0.0.1"
    drop: Path | None = None
    dicom: tuple[str, int] | None = None

    def load(self, project: Path) -> Settings | None:
        """Return the settings; they have to be there if somebody is served by them."""
        is_needed = self.port is not None or self.drop is not None
        return load_settings(project) if is_needed else find_settings(project)

    def load_dicom(self, project: Path) -> DicomSettings | None:
        """Return the settings of the worklist, if there is to be one."""
        return None if self.dicom is None else load_dicom_settings(project)


@contextmanager
def exchange(
    wanted: Exchange,
    settings: Settings | None,
    project: Path,
    store: Store,
    mode: Mode,
    listening: socket.socket | None,
    say: Callable[[str], None],
) -> Iterator[Callable[[ASGIApp, str], ASGIApp]]:
    """Serve neighbours while the block runs; gives what makes the reads of an application name masters.

    Parameters
    ----------
    mode
        What mode the server is in.
    listening
        Socket for MLLP.

    Raises
    ------
    InputError
        A mapping of files cannot be used.
    """
    if settings is None:
        yield lambda app, _base: app
        return
    with ExitStack() as running:
        store.follow(announce(settings, lambda: mode.name == "live"))
        store.follow(watch(settings))
        if mode.name == "shadow" and any(one.send for one in settings.partners.values()):
            say("shadow mode: messages to partners are held, see oncopolis messages")
        running.enter_context(Senders(store, settings, say))
        if wanted.drop is not None:
            loader = Loader(store, settings)
            running.enter_context(Dropping(wanted.drop, loader, load_mappings(project, settings), say))
            say(f"files are taken from {wanted.drop}")
        if listening is not None:
            running.enter_context(Listener(listening, Taker(store, settings, say)))
            host, port = listening.getsockname()[:2]
            say(f"mllp on {host}:{port} for {', '.join(settings.partners)}")
        yield lambda app, base: NamesMasters(app, settings, base)

"""Every page of staff, with the acts whose doers may open it."""

from typing import Final

from oncopolis.web.live import home, queues
from oncopolis.web.live.doing import take_act
from oncopolis.web.live.routing import LivePage

_IN_QUEUE: Final = ("call", "check_in", "start", "finish")

PAGES: Final = (
    LivePage("GET", "/live", _IN_QUEUE, home.show_home),
    LivePage("GET", "/live/areas/{area}", _IN_QUEUE, queues.show_queue),
    LivePage("GET", "/live/areas/{area}/list", _IN_QUEUE, queues.show_list),
    LivePage("POST", "/live/acts/{name}", (), take_act),
)

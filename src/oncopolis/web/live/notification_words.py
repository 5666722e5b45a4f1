"""What is said of notifications of cancers to a registry."""

from typing import Final

from oncopolis.foundation.marking import mark

SENTENCES: Final = {
    "OPS-476": mark("The notification is not as you saw it. Look at the list as it is now."),
}
DONE: Final = {
    "notify_registry": mark("Noted that the registry was told."),
    "registry_refused": mark("Noted: to be mended and told anew."),
}

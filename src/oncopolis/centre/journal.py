"""The journal of a centre: one line for everything done, refused or put off. Twin and operations share it."""

from typing import Literal

Kind = Literal["case", "word", "moment"]
"""A number, a word, or a moment; moments are local time of the centre, to the millisecond."""

COLUMNS: dict[str, Kind] = {
    "case": "case",
    "pathway": "word",
    "step": "word",
    "activity": "word",
    "resource": "word",
    "planned": "moment",
    "asked": "moment",
    "start": "moment",
    "end": "moment",
    "outcome": "word",
}
"""Columns in their order. Only `case`, `pathway`, `step`, `end` and `outcome` are always there.

- `case`: whom it is about, the same number in all lines of a patient;
- `pathway`, `step`, `activity`: what was to be done;
- `resource`: what held it, or what there was too little of;
- `planned`: time of the appointment, if there was one;
- `asked`: when the patient was there and ready;
- `start`, `end`: when it began and ended; without a begin, `end` is when it was given up or put off;
- `outcome`: one of `OUTCOMES`.
"""

Outcome = Literal["done", "gave_up", "no_show", "cancelled", "sent_home"]
OUTCOMES: tuple[Outcome, ...] = ("done", "gave_up", "no_show", "cancelled", "sent_home")
"""What became of it."""

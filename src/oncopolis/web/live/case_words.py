"""What is said of acts on a case: its diagnoses and what follows from them."""

from typing import Final

from oncopolis.web.live import (
    charge_words,
    diagnosis_words,
    notification_words,
    sharing_words,
    summary_words,
)

_ALL: Final = (diagnosis_words, summary_words, charge_words, sharing_words, notification_words)
DONE: Final = {act: sentence for words in _ALL for act, sentence in words.DONE.items()}
"""Act -> what is said once it was done."""
SENTENCES: Final = {code: sentence for words in _ALL for code, sentence in words.SENTENCES.items()}
"""What is said of a refusal, by its code."""

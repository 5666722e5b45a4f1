"""What is said of acts on a case: its diagnoses and what follows from them."""

from typing import Final

from oncopolis.web.live import diagnosis_words, summary_words

DONE: Final = {**diagnosis_words.DONE, **summary_words.DONE}
"""Act -> what is said once it was done."""
SENTENCES: Final = {**diagnosis_words.SENTENCES, **summary_words.SENTENCES}
"""What is said of a refusal, by its code."""

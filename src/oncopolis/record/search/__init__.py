"""FHIR search: a question is read (`read_question`), and answered from the index tables (`search`)."""

from oncopolis.record.search.answering import Found, find_ids, search
from oncopolis.record.search.asking import read_question
from oncopolis.record.search.question import Question
from oncopolis.record.search.refusing import SearchRefused

__all__ = ["Found", "Question", "SearchRefused", "find_ids", "read_question", "search"]

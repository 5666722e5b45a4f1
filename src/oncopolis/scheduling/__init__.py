"""Who comes in when, to which room, theatre, chair and nurse: problems, solutions, checks and solvers.

Pure: no files, no web, no SQL. Every kind of problem has one shape: `Problem` -> `solve` -> `Result`, and a
`check` that shares no code with any solver.
"""

from oncopolis.scheduling.result import Improvement, Result
from oncopolis.scheduling.verdict import Verdict

__all__ = ["Improvement", "Result", "Verdict"]

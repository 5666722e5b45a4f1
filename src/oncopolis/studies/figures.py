"""A figure of a run of the twin, by its name."""

from collections.abc import Mapping
from difflib import get_close_matches

from oncopolis.foundation import InputError

FAR = 0.3  # structure: how unlike a name may be that is still proposed


def get_figure(outputs: Mapping[str, float], name: str, where: str) -> float:
    """Return a figure by its name.

    Parameters
    ----------
    outputs
        Figures by name.
    name
        The one that is asked for.
    where
        Who asks for it.

    Raises
    ------
    InputError
        TWN-069 if it is not there.
    """
    if name not in outputs:
        near = get_close_matches(name, outputs, cutoff=FAR) or sorted(outputs)[:3]
        raise InputError(
            code="TWN-069",
            where=where,
            got=name,
            expected=f"a figure of the run, such as {', '.join(near)}",
            fix="`oncopolis what-if --out` lists the names of all figures",
        )
    return outputs[name]

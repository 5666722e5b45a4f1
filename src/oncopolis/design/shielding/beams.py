"""What a machine sends out in a week, and one part of the dose that arrives at a point."""

from dataclasses import dataclass, field

from oncopolis.design.shielding.working import Step


@dataclass(frozen=True)
class Beam:
    """A beam of a linear accelerator with its weekly workload."""

    name: str
    mv: float
    workload_gy: float
    """Dose a week at the isocentre."""
    leakage_gy: float
    """Dose a week at the isocentre that the head would leak for: the workload with the IMRT factor."""
    dose_rate_gy_h: float | None = None
    scatter_fraction: float | None = None
    """Given by the project with its source, in place of the table."""
    is_flattened: bool = True
    where: str = ""
    """Place its energy was written at."""


@dataclass(frozen=True)
class Contribution:
    """A part of the weekly dose at a point."""

    kind: str
    """``primary``, ``scatter``, ``leakage``, ``neutron`` …"""
    beam: str
    open_msv: float
    """Dose a week without the barrier, the occupancy counted."""
    transmission: float
    dose_msv: float
    """Dose a week behind the barrier, the occupancy counted."""
    per_gray_sv: float
    """Dose behind the barrier for a gray at the isocentre, aimed at it, somebody always there."""
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = field(default=())


def compute_leakage_gy(workload_gy: float, imrt_share: float, imrt_factor: float) -> float:
    """Return the leakage workload.

    Parameters
    ----------
    workload_gy
        Dose a week at the isocentre.
    imrt_share
        Share of it that is given with intensity modulation.
    imrt_factor
        Monitor units of modulated over those of plain treatment for the same dose.
    """
    return workload_gy * (1 - imrt_share + imrt_share * imrt_factor)

"""A problem in the JSON form of the competition of 2024, with the keys that hospitals add."""

from typing import Any

from oncopolis.scheduling.theatres.problem import Care, Patient, Problem


def to_instance_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as `read_problem` reads it."""
    weights = problem.weights
    return {
        "days": problem.days,
        "skill_levels": problem.n_skills,
        "shift_types": list(problem.shifts),
        "age_groups": list(problem.age_groups),
        "weights": {
            "room_mixed_age": weights.room_mixed_age,
            "room_nurse_skill": weights.room_nurse_skill,
            "continuity_of_care": weights.continuity_of_care,
            "nurse_eccessive_workload": weights.nurse_excessive_workload,
            "open_operating_theater": weights.open_operating_theatre,
            "surgeon_transfer": weights.surgeon_transfer,
            "patient_delay": weights.patient_delay,
            "unscheduled_optional": weights.unscheduled_optional,
            "surgeon_preference": weights.surgeon_preference,
        },
        "occupants": [
            {"id": one.id, **_write_care(one.care), "room_id": one.room} for one in problem.occupants
        ],
        "patients": [_write_patient(one) for one in problem.patients],
        "surgeons": [
            {
                "id": one.id,
                "max_surgery_time": list(one.most_min),
                "unwanted_days": sorted(one.unwanted_days),
            }
            for one in problem.surgeons
        ],
        "operating_theaters": [
            {"id": one.id, "availability": list(one.open_min), "emergency_reserve": list(one.reserve_min)}
            for one in problem.theatres
        ],
        "rooms": [{"id": one.id, "capacity": one.n_beds} for one in problem.rooms],
        "nurses": [
            {
                "id": one.id,
                "skill_level": one.skill,
                "working_shifts": [
                    {"day": duty.day, "shift": problem.shifts[duty.shift], "max_load": duty.most_load}
                    for duty in one.duties
                ],
            }
            for one in problem.nurses
        ],
        "hard_classes": sorted(problem.hard_classes),
        "intensive_care_beds": list(problem.intensive_beds),
    }


def _write_care(care: Care) -> dict[str, Any]:
    return {
        "gender": care.gender,
        "age_group": care.age_group,
        "length_of_stay": care.stay_days,
        "workload_produced": list(care.workload),
        "skill_level_required": list(care.skill),
        "isolation": care.is_alone,
        "intensive_care_days": care.intensive_days,
    }


def _write_patient(patient: Patient) -> dict[str, Any]:
    asked = patient.priority
    return {
        "id": patient.id,
        "mandatory": patient.is_mandatory,
        **_write_care(patient.care),
        "surgery_release_day": patient.release_day,
        **({} if patient.due_day is None else {"surgery_due_day": patient.due_day}),
        "surgery_duration": patient.surgery_min,
        "surgeon_id": patient.surgeon,
        "incompatible_room_ids": sorted(patient.closed_rooms),
        **({} if asked is None else {"clinical_class": asked.clinical_class, "target_day": asked.target_day}),
        **({"region": patient.region} if patient.region else {}),
        **_write_link(patient),
    }


def _write_link(patient: Patient) -> dict[str, Any]:
    if patient.link is None:
        return {}
    return {"linked_days": sorted(patient.link.days), "linked_because": patient.link.because}

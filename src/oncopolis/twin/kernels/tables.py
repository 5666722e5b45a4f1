"""What the kernels read and write: the compiled definition, and the state of a run.

Times are ticks of one millisecond, amounts are 1/5040 of a unit. An index of -1 means none. Columns with
the same prefix belong to one table:

==== =========================================== ==== ===========================================
st   stops of all routes                         ex   ways out of stops
ta   tasks of stops                              ac   bound activities
ph   phases of activities                        di   distributions
bu   bundles held in phases, be their entries    re   resources
ro   routes                                      ep   episodes
so   sources of people                           cs   the stream of what is known beforehand
in   people who are there at the beginning       ap   the appointments they have
da   days                                        bk   bookable resources
==== =========================================== ==== ===========================================
"""

from oncopolis.foundation.kernels.reference import Reference
from oncopolis.foundation.units import DAYS_PER_YEAR, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE

DAY = MS_PER_DAY
HOUR = MS_PER_HOUR
YEAR = DAYS_PER_YEAR * DAY
UNIT = 5040  # structure: parts of one unit of a resource; divisible by all numbers up to 10
CELL = 15 * MS_PER_MINUTE  # structure: booking is counted in quarters of an hour
CELLS = DAY // CELL
RING = 512  # structure: days a booking can lie ahead, a power of two
SHAPE_PARTS = 288  # structure: the shape of a day is kept in steps of five minutes
NEVER = 1 << 62  # structure: later than any run

OUT = -1
BUSY = -2
AWAY = -3  # structure: a code beside OUT and BUSY

# What an entity is.
PATIENT, JOB, TAIL, SOURCE, FAILURE, REPAIR = range(6)  # structure: codes

# What happens to it next.
DUE, READY, ENDS, GIVES_UP, ARRIVES, FAILS, REPAIRED, FATES, BREAKS, CANCELS, RETURNS, RATES, GOES_HOME = (
    range(13)
)  # structure: codes

# What draws are for.
FOR_GAP = 0
(
    FOR_SHARE, FOR_EXIT, FOR_REPEAT, FOR_DEFERRAL, FOR_TASK, FOR_TIMES, FOR_DURATION,
    FOR_PATIENCE, FOR_SHOW, FOR_CANCEL, FOR_LATE, FOR_HOUR, FOR_FATE, FOR_EPISODE, FOR_RATE, FOR_FRAILTY,
    FOR_REFERRAL, FOR_BATCH, FOR_FAILURE, FOR_REPAIR, FOR_UNIT, FOR_BREAK,
) = range(2, 24)  # structure: codes; 1 is free  # fmt: skip

# Settings of stops.
OUTPATIENT, DAY_CASE, INPATIENT, REMOTE, NONE = range(5)  # structure: codes

# Kinds of what is known beforehand.
CHANGES, NOMINAL, CLOSES, OPENS, SAMPLES = range(5)  # structure: codes

# How people come.
POISSON, GAPS, MEMBERS, TIMES = range(4)  # structure: codes

# When machines fail.
NEVER_FAILS, OPEN_ONLY, BUSY_ONLY, ALWAYS = range(4)  # structure: codes

# When episodes start.
COMPLETION, RELAPSE, DEATH, TIME, RATE = range(5)  # structure: codes


TABLES = tuple(
    (
        "st_route st_share st_frail st_has st_lacks st_sets st_skip st_x0 st_x1 st_t0 st_t1 st_setting "
        "st_aim st_latest st_times st_mean_times st_every st_workdays st_defer st_defer_days "
        "st_defer_frail st_prio st_patience st_gives st_factor st_treats st_b0 st_b1 st_shape "
        "st_row st_window st_days_away st_base st_from st_before "
        "sb_bk sb_amount sb_ticks ex_to ex_share ta_act ta_n ta_dist "
        "ta_share ta_aside ac_p0 ac_p1 ac_tail ac_contact ac_dept ac_fallback ac_row ac_m0 ac_m1 me_id "
        "me_n ph_dist ph_frail ph_bundle ph_rest di_kind di_a di_b di_c bu_0 bu_1 bu_w0 bu_w1 be_res "
        "be_amount be_gates be_back wl_res re_alt re_even re_stays re_rank re_waiting re_preempts re_fits "
        "re_fails re_every re_repair re_units re_key re_r0 re_runs ra_0 ro_path ro_prio ro_relapse "
        "ro_relapse_years ro_death ro_other ro_ageing ro_life ro_e0 ro_e1 ro_rate ep_when ep_share "
        "ep_dist ep_rate ep_has ep_lacks ep_sets ep_stop so_kind so_stop so_prio so_key so_expected "
        "so_shape so_dist so_batch so_batch_dist so_members so_from so_past so_c0 so_c1 so_no_show so_part "
        "so_cohort clock shape cs_time cs_kind cs_res cs_value da_year da_work da_monday dw_open dw_close "
        "bk_res bk_profile bk_capacity bk_urgent bk_urgent_days bk_no_show bk_cancelled bk_cancelled_days "
        "bk_late bk_horizon bk_total bk_first in_stop in_what in_left in_done in_due in_mask in_began "
        "in_treated in_source in_key in_task in_act in_phase in_sub in_lain in_a0 in_a1 ap_time "
        "walk check_in opens factor limit history standing sizes "
    ).split()
)
"""Columns of `Tables`."""


def _list_numbers(*parts: tuple[float, str]) -> dict[str, float]:
    """Return name -> number from each number with the columns that are it throughout."""
    return {name: number for number, names in parts for name in names.split()}


AMBULATORY = _list_numbers(
    (0, "st_frail st_has st_lacks st_sets st_defer_days st_defer_frail st_treats st_days_away st_from"),
    (0, "ta_aside ac_m0 ac_m1 ph_frail be_back re_preempts ro_relapse ro_death ro_other ro_life"),
    (0, "ro_e0 ro_e1 ro_rate so_members so_from so_past so_no_show so_part walk check_in opens"),
    (0, "history standing"),
    (1, "st_every ta_n be_gates re_even so_batch factor"),
    (-1, "st_latest st_times st_defer st_prio st_patience st_factor st_before ta_dist ta_share"),
    (-1, "ac_fallback re_alt re_waiting so_batch_dist"),
)
"""What holds where people come, wait, are served and go: nobody relapses, dies, or is there before the
run; nothing depends on attributes, frailty or the year; requests are alike and nobody gives up."""
QUEUES = AMBULATORY | _list_numbers(
    (0, "st_aim st_workdays st_b0 st_b1 ac_dept re_fits re_fails so_kind"),
    (1, "st_mean_times ac_contact"),
    (-1, "re_r0"),
)
"""What holds, besides, where nobody has an appointment, nothing fails, and people come at random."""


class Tables(Reference):
    """The compiled definition; nothing in it changes during a run."""

    frozen = True
    variants = (QUEUES, AMBULATORY)


# Places in `sizes`.
(
    N_RES, N_SOURCES, N_DAYS, R_ACTIVITY, R_STEP, R_PATH, R_VISIT, R_TREATMENT, T_ACTIVITY, T_STEP, WITH_LOG,
    N_DEPTS,
) = range(12)  # structure: places  # fmt: skip


STATE = tuple(
    (
        "key kind stop task left rep act phase mask bundle keeps sub since asked order planned aim prio "
        "base visits occurrence remaining dept came entered referred treated source fate fate_kind rate "
        "children short tries due due_what arrived clinic part frailty book begun q_next q_prev q_class "
        "w_time w_order w_what w_next w_prev next_time next_order next_e b_head b_tail d_head d_tail "
        "c_head c_tail c_n c_short c_place a_class a_watch a_n free capacity nominal held broken "
        "closing waiting running n_running dirty todo used used_day sh_from sh_until n_spare n_day "
        "n_cell n_first n_time n_next so_count so_day so_passed fail_count scalars arrivals counted "
        "spread_n spread_sum spread_squares spread_most spread_bins spread_within turnout area_at "
        "area_held area_offered area_over area_blocked area_waited area_down area_waiting failures cuts "
        "most_waiting week_held week_offered week_waiting week_n day_held day_offered day_waiting "
        "hour_sum hour_n present queueing snapshot coming log "
    ).split()
)
"""Columns of `State`."""


class State(Reference):
    """What changes during a run: entities, what is pending, what is held, and what was counted."""


# Places in `scalars`.
(
    NOW, SEQUENCE, BUCKET, STREAM, N_FREE, N_FREE_NODES, N_TODO, FAULT, FAULT_AT, EVENTS, CONTACTS, VISITS,
    N_LOG, TODAY, ENTERED, COMPLETED, DIED, LEFT, WAITING, WAIT_AREA, WAIT_AT, WAIT_SUM, IN_SYSTEM,
    HISTORY, JOBS, BUCKET_BITS, N_BUCKETS, USUAL, SEQUENCE_AT, NEXT, NEXT_END,
    WALKING,
) = range(32)  # structure: places  # fmt: skip

# Columns of `turnout`.
OUTCOMES = 8  # structure: columns
DONE, GAVE_UP, NO_SHOW, CANCELLED, SENT_HOME, LATE, GAP, GAP_DAYS = range(OUTCOMES)

# Faults of a run that end it.
FINE, NO_SLOT, NO_NODE, NO_LOG, ENDLESS = range(5)  # structure: codes

# Columns of the log.
LOG_COLUMNS = 9  # structure: case, step, activity, resource, planned, asked, start, end, outcome

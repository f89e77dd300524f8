"""Counters and gauges of the daemon and what they tell."""

from collections.abc import Callable, Mapping

from .metrics import Metrics

COUNTERS = {
    "bss_calls_allowed_total": "Questions answered with a call that may start",
    "bss_calls_refused_total": "Questions answered with a refusal, by reason",
    "bss_agi_dropped_total": "FastAGI clients dropped: stalled, garbage, gone",
    "bss_agi_failed_total": "Questions that failed by a fault of the bridge",
    "bss_legs_settled_total": "Legs taken into the ledger",
    "bss_legs_repeated_total": "Legs that were in the ledger already",
    "bss_legs_lost_total": "Answered legs ended by the sweeper: their HANGUP never came",
    "bss_answers_lost_total": "Answered legs found among living channels: their ANSWER never came",
    "bss_channels_ended_total": "Channels ended by the sweeper: nobody paid, or beyond their grant",
    "bss_clock_steps_total": "Times that the machine's clock was set while the bridge ran, or between two of them",
    "bss_seconds_beyond_grant_total": "Answered seconds beyond a grant, which nobody was charged",
    "bss_journal_set_aside_total": "Journal lines that a person has to look at",
    "bss_reservations_released_total": "Reservations given back at the caller's end",
    "bss_reservations_orphaned_total": "Reservations given back by the sweeper",
    "bss_warnings_played_total": "Warnings before cut-off that a party heard, by side",
    "bss_warnings_failed_total": "Warnings before cut-off that could not be played (ARI away, party unknown), by side",
    "bss_attempts_given_up_total": "Attempts ended early: the carrier gave no sign of life",
    "bss_task_failures_total": "Background tasks that failed by a fault of the bridge and were started again",
}

GAUGES = {
    "bss_live_legs": "Answered legs that cost somebody money",
    "bss_journal_lag_bytes": "Bytes of the leg journal not in the ledger yet",
    "bss_journal_free_bytes": "Free space of the journal's volume",
    "bss_ami_connected": "1 while Asterisk is there",
    "bss_ari_connected": "1 while warnings can be spoken",
    "bss_database_connected": "1 while PostgreSQL is there",
}


def declare_counters(metrics: Metrics) -> None:
    """Give every counter its help text and first value."""
    for name, text in COUNTERS.items():
        metrics.declare(name, text)


def declare_gauges(metrics: Metrics, reads: Mapping[str, Callable[[], float]]) -> None:
    """Give every gauge of `GAUGES` what reads it; KeyError for one that is forgotten."""
    for name, text in GAUGES.items():
        metrics.gauge(name, text, reads[name])

"""Every name that the dialplan and the bridge share. tests/unit/test_dialplan_names.py compares them with asterisk/."""

from typing import Final

# Contexts that telephones and trunks enter (columns `context` of the seam's views).
CONTEXT_PHONE: Final = "from-phone"
CONTEXT_TRUNK: Final = "from-trunk"
# Context of a party that a telephone transfers (TRANSFER_CONTEXT of the telephones' channels, column `set_var`).
CONTEXT_TRANSFER: Final = "from-transfer"
# Subroutine that asks the bridge, loop that dials, handlers that run on the dialled channel.
CONTEXT_AUTHORISE: Final = "sub-authorise"
CONTEXT_ATTEMPTS: Final = "attempts"
CONTEXT_LEG_DIALLED: Final = "leg-dialled"
CONTEXT_LEG_ANSWERED: Final = "leg-answered"
CONTEXT_REFUSED: Final = "refused"
CONTEXT_REFUSED_TRUNK: Final = "refused-trunk"
CONTEXT_REFUSED_BRANCH: Final = "refused-branch"
# A member of a ring group that asks for itself: its channel is Local/<name>@branch (services/prepare_detour.py).
CONTEXT_BRANCH: Final = "branch"
CONTEXT_REFUSED_TRANSFER: Final = "refused-transfer"
CONTEXTS: Final = frozenset(
    {
        CONTEXT_PHONE,
        CONTEXT_TRUNK,
        CONTEXT_TRANSFER,
        CONTEXT_AUTHORISE,
        CONTEXT_ATTEMPTS,
        CONTEXT_LEG_DIALLED,
        CONTEXT_LEG_ANSWERED,
        CONTEXT_REFUSED,
        CONTEXT_REFUSED_TRUNK,
        CONTEXT_REFUSED_BRANCH,
        CONTEXT_BRANCH,
        CONTEXT_REFUSED_TRANSFER,
    }
)

# Questions: the script name of the FastAGI request.
QUESTION_AUTHORISE_CALL: Final = "authorise_call"
QUESTION_ROUTE_INBOUND: Final = "route_inbound"
QUESTION_DETOUR_CALL: Final = "detour_call"
QUESTION_AUTHORISE_BRANCH: Final = "authorise_branch"
QUESTION_TRANSFER_CALL: Final = "transfer_call"
QUESTIONS: Final = frozenset(
    {
        QUESTION_AUTHORISE_CALL,
        QUESTION_ROUTE_INBOUND,
        QUESTION_DETOUR_CALL,
        QUESTION_AUTHORISE_BRANCH,
        QUESTION_TRANSFER_CALL,
    }
)

# The answer, set on the asking channel by one MSet.
VAR_DECISION: Final = "BSS_DECISION"
VAR_REASON: Final = "BSS_REASON"
VAR_CALL_REF: Final = "BSS_CALL_REF"
VAR_GRANT_S: Final = "BSS_GRANT_S"
VAR_RING_S: Final = "BSS_RING_S"
VAR_CLI: Final = "BSS_CLI"
VAR_ROUTES: Final = "BSS_ROUTES"
VAR_DIAL_PREFIX: Final = "BSS_DIAL_"
VAR_CARRIER_PREFIX: Final = "BSS_CARRIER_"
VAR_GIVE_UP_PREFIX: Final = "BSS_GIVE_UP_"
VAR_CLI_PREFIX: Final = "BSS_CLI_"
VAR_PATH: Final = "BSS_PATH"
VAR_SCREEN: Final = "BSS_SCREEN"
VAR_HUNT: Final = "BSS_HUNT"
ANSWER_VARIABLES: Final = frozenset(
    {
        VAR_DECISION,
        VAR_REASON,
        VAR_CALL_REF,
        VAR_GRANT_S,
        VAR_RING_S,
        VAR_CLI,
        VAR_ROUTES,
        VAR_DIAL_PREFIX,
        VAR_CARRIER_PREFIX,
        VAR_GIVE_UP_PREFIX,
        VAR_CLI_PREFIX,
        VAR_PATH,
        VAR_SCREEN,
        VAR_HUNT,
    }
)

# On a charged leg's channel, for the bridge alone: the last warning before cut-off that its parties were given.
VAR_NOTE: Final = "BSS_WARNED"

# Told on the manager interface when a leg is dialled whose carrier is not waited for as long as Asterisk would.
EVENT_ATTEMPT: Final = "BssAttempt"
EVENT_GIVE_UP: Final = "GiveUpS"

# Folder of our own prompts (global variable), and those of them that the bridge plays, not the dialplan.
GLOBAL_SOUNDS: Final = "BSS_SOUNDS"
PROMPT_CUT_OFF: Final = "cut-off-soon"
BRIDGE_PROMPTS: Final = frozenset({PROMPT_CUT_OFF})

# Values of VAR_DECISION, and of VAR_REASON when refused.
DECISIONS: Final = frozenset({"internal", "external", "emergency", "refused"})
REASONS: Final = frozenset(
    {
        "barred",
        "bad_number",
        "no_credit",
        "no_rate",
        "no_route",
        "spend_limit",
        "suspended",
        "too_many_calls",
        "unanswered",
        "unavailable",
        "unknown_phone",
        "unprofitable",
    }
)
# The caller hears no sentence: what the telephone's own cause means is on its display.
UNSPOKEN_REASONS: Final = frozenset({"unanswered"})

# userfield of a leg: `<call_ref>/<attempt>` of a dialled one, `<call_ref>/in` of a carrier's own,
# `silent/<emergency|internal|inbound>/<account>/<number>` of one let through while the bridge was silent.
USERFIELD_INBOUND: Final = "in"
USERFIELD_SILENT: Final = "silent"

# AstDB families of the routing extract (charging.md 15).
ASTDB_ENDPOINT: Final = "bss_ep"
ASTDB_EXTENSION: Final = "bss_ext"
ASTDB_DID: Final = "bss_did"
ASTDB_EMERGENCY: Final = "bss_emergency"
ASTDB_CLI: Final = "bss_cli"
ASTDB_FAMILIES: Final = frozenset({ASTDB_ENDPOINT, ASTDB_EXTENSION, ASTDB_DID, ASTDB_EMERGENCY, ASTDB_CLI})

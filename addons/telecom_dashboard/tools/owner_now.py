"""What the owner's staff sees of this moment: calls in progress, trunks, routes that fail, alarms."""

from datetime import timedelta

from odoo import fields

from .common import ROWS
from .shapes import figure, opens, row, table, text, tile

LIVE = "telecom_switch.action_live_call"
TRUNKS = "telecom_carrier.action_trunk"
FINDINGS = "telecom_switch.action_switch_finding"
NODES = "telecom_switch.action_switch_node"
LINES = "telecom_switch.action_journal_line"
CALLS = "telecom_call.action_call_record"
DOWN = ("unreachable", "rejected")

LOOK_BACK = timedelta(hours=48)
LEAST_ATTEMPTS = 10
FAILING_SHARE = 0.3
"""A trunk fails a destination when so many of its attempts there fail, of at least LEAST_ATTEMPTS in LOOK_BACK."""


def owner_now(env):
    """Return the tiles of this moment."""
    return [_live(env), _trunks(env), *_alarms(env)]


def _live(env):
    counts = dict(env["telecom.live.call"]._read_group([], ["state"], ["__count"]))
    ringing = counts.get("ringing", 0)
    return tile(
        "live",
        env._("Calls now"),
        figure("count", sum(counts.values())),
        note=env._("%s ringing", ringing),
        tone="success" if counts else "",
        target=opens(LIVE, []),
    )


def _trunks(env):
    states = env["telecom.trunk.state"].search([("state", "in", DOWN)])
    names = ", ".join(states.trunk_id.mapped("display_name"))
    return tile(
        "trunks",
        env._("Trunks down"),
        figure("count", len(states.trunk_id)),
        note=names or env._("all reachable, or not checked"),
        tone="danger" if states else "",
        target=opens(TRUNKS, [("id", "in", states.trunk_id.ids)] if states else []),
    )


def _alarms(env):
    """What the switch says is wrong: nodes that are silent or give an alarm, findings, lines nobody could read."""
    day_ago = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1))
    found = [("found_at", ">=", day_ago)]
    findings = env["telecom.switch.finding"].search_count(found)
    open_lines = env["telecom.journal.line"].search_count([("state", "!=", "resolved")])
    nodes = env["telecom.switch.node"].search([])
    troubled = nodes.filtered(lambda node: node.state != "up" or node.alarms)
    words = ", ".join(f"{node.name}: {node.alarms or node.state}" for node in troubled)
    return [
        tile(
            "nodes",
            env._("Switch nodes"),
            figure("count", len(nodes)),
            note=words or (env._("all up, no alarm") if nodes else env._("none has started yet")),
            tone="danger" if troubled else "success" if nodes else "",
            target=opens(NODES, []),
        ),
        tile(
            "findings",
            env._("Findings"),
            figure("count", findings),
            note=env._("of the last 24 hours"),
            tone="warning" if findings else "",
            target=opens(FINDINGS, found),
        ),
        *(
            [
                tile(
                    "lines",
                    env._("Journal lines set aside"),
                    figure("count", open_lines),
                    note=env._("calls that nobody is charged for yet"),
                    tone="danger",
                    target=opens(LINES, [("state", "!=", "resolved")]),
                )
            ]
            if open_lines
            else []
        ),
    ]


def failing(env):
    """Return the table of routes that fail: trunks and destinations of the last two days."""
    since = fields.Datetime.to_string(fields.Datetime.now() - LOOK_BACK)
    domain = [("started_at", ">=", since), ("direction", "=", "outbound"), ("trunk_id", "!=", False)]
    counts = {}
    for trunk, destination, disposition, legs in env["telecom.call.record"]._read_group(
        domain, ["trunk_id", "destination_id", "disposition"], ["__count"]
    ):
        one = counts.setdefault((trunk, destination), [0, 0])
        one[0] += legs
        one[1] += legs if disposition == "failed" else 0
    bad = [
        (failed / legs, legs, trunk, destination)
        for (trunk, destination), (legs, failed) in counts.items()
        if legs >= LEAST_ATTEMPTS and failed / legs >= FAILING_SHARE
    ]
    rows = [
        row(
            text(trunk.display_name),
            text(destination.name or ""),
            figure("count", legs),
            figure("percent", share),
            tone="danger",
            target=opens(
                CALLS,
                [*domain, ("trunk_id", "=", trunk.id), ("destination_id", "=", destination.id)],
                f"{trunk.display_name}: {destination.name}",
            ),
        )
        for share, legs, trunk, destination in sorted(bad, key=lambda one: (-one[0], -one[1]))[:ROWS]
    ]
    return table(
        "failing",
        env._("Routes that fail"),
        [env._("Trunk"), env._("Destination"), env._("Attempts"), env._("Failed")],
        rows,
        empty=env._("No trunk failed much in the last two days."),
        target=opens(CALLS, [*domain, ("disposition", "=", "failed")]),
        help=env._(
            "Trunk and destination of the last 48 hours: at least %(attempts)s attempts of which %(share)d %% failed.",
            attempts=LEAST_ATTEMPTS,
            share=FAILING_SHARE * 100,
        ),
    )

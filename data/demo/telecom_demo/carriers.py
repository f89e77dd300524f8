"""Two carriers with trunks, decks and routes. Both are played by the one far end."""

from .records import read_table

UNUSED_ADDRESS = "127.0.0.254"  # only Atlantic's address may identify calls that come in from the far end
CARRIERS = {
    "atlantic": ("Atlantic Carrier", {}),
    "pacific": ("Pacific Carrier", {"add_prefix": "0077", "match_ips": UNUSED_ADDRESS}),
}


def load_carriers(demo, companies, far_sip):
    """Make carriers and trunks, or let the trunks follow the far end's address (ip:port)."""
    for key, (name, trunk_values) in CARRIERS.items():
        carrier = _load_carrier(demo, companies["owner"], key, name)
        _load_trunk(demo, carrier, f"trunk_{key}", far_sip, trunk_values)
        _load_deck(demo, carrier, key)
    _load_routes(demo)


def _load_carrier(demo, owner, key, name):
    partner = demo.ensure(f"partner_{key}", "res.partner", name=name, company_id=owner.id, is_company=True)
    return demo.ensure(
        key,
        "telecom.carrier",
        name=name,
        company_id=owner.id,
        partner_id=partner.id,
        currency_id=demo.env.ref("base.EUR").id,
        duration_rule="up",
        rounding_method="half_up",
        rounding_decimals=6,
        timezone="UTC",
    )


def _load_trunk(demo, carrier, key, far_sip, values):
    host, _colon, port = far_sip.rpartition(":")
    address = {"host": host, "port": int(port)}
    trunk = demo.ensure(key, "telecom.trunk", name=carrier.name, carrier_id=carrier.id, **address, **values)
    if (trunk.host, trunk.port) != (host, int(port)):
        trunk.write(address)


def _load_deck(demo, carrier, key):
    """Load a carrier's prices; deck rows have no external ids, so a carrier that has any is left as it is."""
    rates = demo.env["telecom.deck.rate"]
    if rates.search_count([("carrier_id", "=", carrier.id)], limit=1):
        return
    rows = [
        {
            "carrier_id": carrier.id,
            "prefix": row["prefix"],
            "price": float(row["price"]),
            "first_increment_s": int(row["first_increment_s"]),
            "next_increment_s": int(row["next_increment_s"]),
        }
        for row in read_table("deck")
        if row["carrier"] == key
    ]
    demo.made += len(rates.create(rows))


def _load_routes(demo):
    """All numbers by cost over both carriers, so that fail-over goes to the dearer one; emergency by Atlantic."""
    atlantic, pacific = demo.ref("trunk_atlantic"), demo.ref("trunk_pacific")
    route = demo.ensure("route_all", "telecom.route", prefix="", rule="cost")
    for priority, trunk in ((1, atlantic), (2, pacific)):
        _load_line(demo, f"route_line_{priority}", route, trunk, priority)
    emergency = demo.ensure("route_emergency", "telecom.route", prefix="", rule="priority", is_emergency=True)
    _load_line(demo, "route_line_emergency", emergency, atlantic, 1)


def _load_line(demo, key, route, trunk, priority):
    demo.ensure(key, "telecom.route.line", route_id=route.id, trunk_id=trunk.id, priority=priority, weight=1)

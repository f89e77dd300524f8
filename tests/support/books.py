"""The books of a switch, checked after a story: whatever was killed, full or late, money and seconds must agree.

Nothing here asks the product whether it is right: sums are made anew, and the carriers' seconds come from the far end's
own journal.
"""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tests.support import journal
from tests.support.until import until

if TYPE_CHECKING:
    from tests.support.switch import Switch

SAME_S = 0.4
"""Both ends of a leg tell its seconds from their own side; on a busy machine they differ by so much (s)."""

CROSSED_S = 0.05
LOST_RACE = 26
"""An answer that crosses our CANCEL: the carrier has a leg of no length, ended with this cause; ours was never up."""

PATIENCE_S = 20.0

Row = dict[str, Any]

WALLETS = """
    select wallet.account_id, balance_micro as balance, reserved_micro as reserved,
           coalesce((select sum(amount_micro) from telecom_wallet_entry entry
                      where entry.account_id = wallet.account_id), 0)::bigint as entries,
           coalesce((select sum(held.amount) from telecom_reservation,
                            unnest(account_ids, amounts_micro) as held (account_id, amount)
                      where held.account_id = wallet.account_id), 0)::bigint as held
      from telecom_wallet wallet order by 1"""

MOVED = """
    select account_id, coalesce(sum(amount_micro)
               filter (where kind <> 'charge' and idempotency_key not like 'rerate:%%'),
                                0)::bigint as by_hand
      from telecom_wallet_entry where id > %s group by 1"""
"""What a re-rating gives back is in its charges, as a negative one."""

CHARGED = "select account_id, sum(gross_micro)::bigint as gross from telecom_call_charge where id > %s group by 1"

WRONG_CHARGES = """
    select entry.id, min(charge.leg_uniqueid) as leg, charge.account_id
      from telecom_call_charge charge left join telecom_wallet_entry entry on entry.id = charge.entry_id
     where charge.id > %s group by charge.account_id, entry.id, case when entry.id is null then charge.id end
    having coalesce(-min(entry.amount_micro), 0) <> sum(charge.gross_micro)
        or min(entry.account_id) <> charge.account_id"""
"""An entry is for one charge; for all of a re-rating's charges of the account."""

TWICE = """
    select leg_uniqueid, account_id, direction, count(*) from telecom_call_charge
     where id > %s group by 1, 2, 3, run_id, refunds_id is null having count(*) > 1"""

CARRIED = """
    select leg_uniqueid, coalesce(e164, dialled) as number, duration_us / 1000000.0 as seconds, terms ->> 'note' as note
      from telecom_call_record
     where id > %s and answered_at is not null and direction in ('outbound', 'emergency')
       and (trunk_id is null or trunk_id in (select id from telecom_trunk where host = %s))"""
"""Without a trunk: what Asterisk routed by itself while the bridge was silent. It goes to the far end, too."""

TOLD = "select leg_uniqueid, e164, answered_at, ended_at, duration_us, terms from telecom_call_record where id > %s"

MINUTES = """
    select bucket.id, bucket.left_s, coalesce(sum(entry.seconds), 0)::bigint as entries,
           (select coalesce(sum(hold.seconds), 0)::bigint from telecom_allowance_hold hold
              join telecom_reservation using (call_ref) where hold.bucket_id = bucket.id) as held
      from telecom_allowance_bucket bucket left join telecom_allowance_entry entry on entry.bucket_id = bucket.id
     group by bucket.id"""

WRONG_MINUTES = """
    select charge.leg_uniqueid, charge.account_id, charge.terms ->> 'included_s' as said, used.seconds
      from telecom_call_charge charge
      full join (select entry.leg_uniqueid, bucket.account_id, -sum(entry.seconds) as seconds
                   from telecom_allowance_entry entry
                   join telecom_allowance_bucket bucket on bucket.id = entry.bucket_id
                  where entry.kind = 'used' group by 1, 2) used using (leg_uniqueid, account_id)
     where coalesce((charge.terms ->> 'included_s')::bigint, 0) <> coalesce(used.seconds, 0)"""

LOST_HOLDS = """
    select * from telecom_allowance_hold hold
     where not exists (select from telecom_reservation call where call.call_ref = hold.call_ref)"""


class Books:
    """State of the books at the beginning of a story; `check` at its end raises AssertionError on any difference."""

    def __init__(self, switch: "Switch") -> None:
        self._switch = switch
        self._begun = {row["account_id"]: row["balance"] for row in switch.all(WALLETS)}
        self._entry = self._last("telecom_wallet_entry")
        self._charge = self._last("telecom_call_charge")
        self._record = switch.last_record()
        self._carried = len(switch.carrier_legs())
        self._allowed_s = 0.0

    def allow(self, seconds: float) -> None:
        """The carrier may have so many seconds more than were charged: charging.md 13, Asterisk was killed."""
        self._allowed_s += seconds

    def check(self) -> None:
        """Every rule of the issue "Fault stories": entries, balances, reservations, legs, the carrier's seconds."""
        until(self._all_recorded, seconds=PATIENCE_S, reason=self._unrecorded)
        self._check_wallets()
        self._check_charges()
        self._check_reservations()
        self._check_minutes()
        self._check_seconds()

    def _last(self, table: str) -> int:
        return int(self._switch.one(f"select coalesce(max(id), 0) as last from {table}")["last"])  # noqa: S608

    def _check_wallets(self) -> None:
        by_hand = {row["account_id"]: row["by_hand"] for row in self._switch.all(MOVED, self._entry)}
        charged = {row["account_id"]: row["gross"] for row in self._switch.all(CHARGED, self._charge)}
        for row in self._switch.all(WALLETS):
            account = row["account_id"]
            assert row["entries"] == row["balance"], f"sum of entries is not the balance: {row}"
            assert row["held"] == row["reserved"], f"reserved is not the sum of reservations: {row}"
            if account in self._begun:
                expected = self._begun[account] + by_hand.get(account, 0) - charged.get(account, 0)
                assert row["balance"] == expected, f"balance is not start - charges = {expected}: {row}"

    def _check_charges(self) -> None:
        assert self._switch.all(WRONG_CHARGES, self._charge) == [], "a charge and its entry differ"
        assert self._switch.all(TWICE, self._charge) == [], "a leg was charged twice"

    def _check_reservations(self) -> None:
        living = self._switch.node.channel_ids() if self._switch.reservations() else set()
        query = """select call_ref from telecom_reservation reservation where channel_uniqueid <> all (%s)
                      and not exists (select from telecom_leg_open leg where leg.call_ref = reservation.call_ref
                                         and leg.leg_uniqueid = any (%s))"""
        dead = self._switch.all(query, list(living), list(living))
        assert dead == [], f"reservations without a living leg: {dead}"

    def _check_minutes(self) -> None:
        """Included seconds: given = used + held + left, and what charges say is what was used."""
        for row in self._switch.all(MINUTES):
            assert row["entries"] == row["left_s"], f"what was given is not used and left: {row}"
            assert 0 <= row["held"] <= row["left_s"], f"calls hold more than is left: {row}"
        assert self._switch.all(LOST_HOLDS) == [], "seconds are held by no call"
        assert self._switch.all(WRONG_MINUTES) == [], "a charge and the entries of its included seconds differ"

    def _check_seconds(self) -> None:
        """Legs of one number are paired by length: order and clock may differ at both ends after a fault."""
        ours, theirs = self._ours(), self._theirs()
        short = 0.0
        for number in theirs:
            crossed = len(theirs[number]) - len(ours[number])  # the shortest: `_all_recorded` looked at them
            for charged, carried in zip(sorted(ours[number]), sorted(theirs[number])[crossed:], strict=True):
                if abs(carried - charged) > SAME_S:
                    print(f"{number}: the carrier has {carried:.2f} s, charged are {charged:.2f} s")
                    assert carried > charged, f"{number}: charged {charged:.2f} s of {carried:.2f} s; {self._told()}"
                    short += carried - charged
        assert short <= self._allowed_s, f"the carrier has {short:.2f} s more than charged, allowed {self._allowed_s}"

    def _told(self) -> str:
        """Both ends of all legs, and the bridge's last words, for whoever has to find out."""
        rows = self._switch.all(TOLD, self._record)
        return "\n".join([*map(str, rows), *map(str, self._answered()), self._switch.bridge.log()[-30_000:]])

    def _all_recorded(self) -> bool:
        ours, theirs, crossed = self._ours(), self._theirs(), self._crossed()
        return all(0 <= len(theirs[number]) - len(ours[number]) <= crossed[number] for number in {*ours, *theirs})

    def _unrecorded(self) -> str:
        return f"records of all answered legs; ours {dict(self._ours())}, the carrier's {dict(self._theirs())}"

    def _ours(self) -> defaultdict[str, list[float]]:
        found: defaultdict[str, list[float]] = defaultdict(list)
        for row in self._switch.all(CARRIED, self._record, self._switch.far_ip):
            found[row["number"]].append(float(row["seconds"]))
        return found

    def _theirs(self) -> defaultdict[str, list[float]]:
        found: defaultdict[str, list[float]] = defaultdict(list)
        for leg in self._answered():
            found[_number(leg)].append(leg.seconds)
        return found

    def _crossed(self) -> Counter[str]:
        """How many legs of each number the carrier may have that we have not: with Asterisk dead, of any cause."""
        short = [leg for leg in self._answered() if leg.seconds < CROSSED_S]
        return Counter(_number(leg) for leg in short if leg.cause == LOST_RACE or self._allowed_s)

    def _answered(self) -> list[journal.Leg]:
        legs = self._switch.carrier_legs()[self._carried :]
        return [leg for leg in legs if leg.answered_at is not None and leg.ended_at is not None]


def _number(leg: journal.Leg) -> str:
    return leg.userfield.partition("/")[2]

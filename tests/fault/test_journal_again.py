"""The journal is delivered three times: the bridge forgets how far it has read, or the file holds everything again."""

import shutil

from tests.support.until import until


def test_a_journal_that_comes_three_times_charges_everybody_once(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    phone.forget()
    phone.dial("02079460486")
    phone.ended()
    answered, busy = switch.settled(point, legs=2)
    charged = switch.charges(answered["id"])[0]["gross_micro"]
    known = [dict(row) for row in switch.all("select * from telecom_call_record order by id")]

    for again in ("the position is forgotten", "a copy of the file lies beside it"):
        switch.bridge.stop()
        switch.all("delete from telecom_journal_offset where node = %s returning node", switch.name)
        if again.startswith("a copy"):
            shutil.copy(switch.node.journal, switch.node.journal.with_name("legs.csv.1"))
        switch.bridge.start()
        until(lambda: read_to_the_end(switch), seconds=15, reason=again)

    assert [dict(row) for row in switch.all("select * from telecom_call_record order by id")] == known
    assert busy["disposition"] == "busy" and switch.charges(busy["id"]) == []
    assert switch.wallet(acme) == (before - charged, 0)
    assert switch.all("select * from telecom_journal_set_aside") == []
    switch.node.journal.with_name("legs.csv.1").unlink()


def read_to_the_end(switch):
    rows = switch.all("select read_offset from telecom_journal_offset where node = %s", switch.name)
    return [row["read_offset"] for row in rows] == [switch.node.journal.stat().st_size]

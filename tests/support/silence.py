"""What a caller meets while nobody can say what a call costs (charging.md 15)."""

from tests.support.phone import Phone
from tests.support.sound import loud_seconds
from tests.support.switch import Switch


def charged_calls_stop_and_others_go_on(switch: Switch, caller: Phone, called: Phone, *, patience_s: float) -> None:
    """A call that costs is refused in words within `patience_s`; telephone 102, which says busy, rings; help comes."""
    carried = len(switch.carrier_legs())

    caller.dial("02079460000")
    assert caller.ended(seconds=patience_s)["code"] == 503
    assert not caller.was_answered()
    assert loud_seconds(caller.recording) > 2
    assert len(switch.carrier_legs()) == carried

    caller.forget()
    caller.dial("102")
    called.rings(seconds=8)
    assert caller.ended()["code"] == 486

    caller.forget()
    caller.dial("999")
    caller.state("CONFIRMED", seconds=10)
    caller.hang_up()
    caller.ended()

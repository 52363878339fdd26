"""The owner of a sign bus, step by step in virtual time, against replies written from the data sheet."""

import itertools
from collections.abc import Callable, Iterable

import pytest

from firmware.drivers import bx5k_commands
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.bx5k import Decoder, Frame
from firmware.drivers.bx5k_commands import LOOP_THEN_DELETE, Area
from firmware.drivers.led_sign import PING_TIMEOUT, REPLY_TIMEOUT, SignBus, State
from firmware.drivers.sign_commands import (
    Brightness,
    BusBack,
    BusLost,
    Clear,
    Release,
    Show,
    SignAnswered,
    SignBack,
    SignRefused,
    SignSilent,
    TextRefused,
)
from firmware.drivers.sign_text import Colour, line
from firmware.wire.base import BytesArrived, WireLost, WireOpened

ACK = bytes.fromhex("A0 00 00 00 00")
NACK_BUSY = bytes.fromhex("A0 01 03 00 00")
PING = bx5k_commands.ping()
Reply = Callable[[bytes], Iterable[bytes]]


def shown(text: str, colour: Colour = Colour.GREEN) -> bytes:
    """The request that shows a text for 15 s at most."""
    return bx5k_commands.show(Area(line(text, colour), run_mode=LOOP_THEN_DELETE, timeout_s=15))


def reply(address: int, data: bytes = ACK) -> bytes:
    """What a sign answers to us."""
    return Frame(0x8000, address, data).to_bytes()


class Bench:
    """The driver with signs on its bus that answer after 120 ms, or as the test says; time passes only in ``until``."""

    def __init__(self, **signs: Reply) -> None:
        self.driver = SignBus()
        self.now = 0
        self.sent: list[tuple[int, int, bytes]] = []
        """Every request: when, to whom, its data."""
        self.reports: list[object] = []
        self.signs: dict[int, Reply] = {int(name[1:]): answer for name, answer in signs.items()}
        self.coming: list[tuple[int, bytes]] = []
        self.wake_at: int | None = None
        self.state: State
        self.state, outputs = self.driver.begin(0)
        self._carry_out(outputs)

    def give(self, happening: object) -> None:
        """Let something happen now."""
        self.state, outputs = self.driver.step(self.state, happening, self.now)
        self._carry_out(outputs)

    def _carry_out(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    (frame,) = Decoder().feed(data)[1]
                    self.sent.append((self.now, frame.destination, frame.data))
                    answers = self.signs.get(frame.destination, alive)(frame.data)
                    self.coming += [(self.now + 120, reply(frame.destination, answer)) for answer in answers]
                case Report(what):
                    self.reports.append(what)
                case WakeAt(at):
                    self.wake_at = at

    def until(self, then: int) -> None:
        """Let time pass, with everything that is due on the way."""
        while True:
            arrivals = [at for at, _ in self.coming]
            nearest = min([*arrivals, *([self.wake_at] if self.wake_at is not None else [])], default=None)
            if nearest is None or nearest > then:
                break
            self.now = max(self.now, nearest)
            if arrivals and nearest == min(arrivals):
                _, data = self.coming.pop(arrivals.index(nearest))
                self.give(BytesArrived(data))
            else:
                self.wake_at = None
                self.give(TimeReached())
        self.now = then

    def to(self, address: int) -> list[tuple[int, bytes]]:
        """What was sent to one sign, and when."""
        return [(at, data) for at, destination, data in self.sent if destination == address]


def alive(_: bytes) -> Iterable[bytes]:
    """A sign that takes everything."""
    return [ACK]


def dead(_: bytes) -> Iterable[bytes]:
    """A sign without power."""
    return []


def plugged(**signs: Reply) -> Bench:
    """A bench whose wire is open."""
    bench = Bench(**signs)
    bench.give(WireOpened())
    return bench


def test_a_call_leaves_in_the_very_step_that_commands_it() -> None:
    """On an idle healthy bus nothing stands between the command and its first byte."""
    bench = plugged()
    bench.until(30_000)
    bench.give(Show(3, "请A017办理", Colour.RED, urgent=True))
    assert bench.sent == [(30_000, 3, shown("请A017办理", Colour.RED))]
    bench.until(30_500)
    assert bench.reports == [BusBack(), SignAnswered(3)]


def test_a_text_is_sent_again_every_five_seconds_and_reported_once() -> None:
    """The sign forgets a text after 15 s; two lost refreshes do no harm."""
    bench = plugged()
    bench.give(Show(3, "2号 综合受理", Colour.GREEN))
    bench.until(16_000)
    assert bench.to(3) == [(at, shown("2号 综合受理")) for at in (0, 5_120, 10_240, 15_360)]
    assert bench.reports == [BusBack(), SignAnswered(3)]


def test_the_same_text_again_sends_nothing() -> None:
    """State that does not change costs nothing."""
    bench = plugged()
    for _ in range(3):
        bench.give(Show(3, "暂停服务", Colour.YELLOW))
        bench.until(bench.now + 400)
    assert len(bench.to(3)) == 1


def test_a_newer_text_replaces_an_unsent_one() -> None:
    """The sign never walks through old texts: of several told within a second only the last is sent."""
    bench = plugged()
    for at, text in ((0, "请A001办理"), (50, "A001办理中"), (300, "2号 综合受理"), (400, "暂停服务")):
        bench.until(at)
        bench.give(Show(3, text, Colour.GREEN))
    bench.until(3_000)
    assert bench.to(3) == [(0, shown("请A001办理")), (1_000, shown("暂停服务"))]


def test_a_call_does_not_wait_for_the_second_that_signs_want() -> None:
    """Two texts in one second are against the data sheet; a call is worth it."""
    bench = plugged()
    bench.give(Show(3, "2号 综合受理", Colour.GREEN))
    bench.until(300)
    bench.give(Show(3, "请A001办理", Colour.RED, urgent=True))
    assert bench.to(3)[-1] == (300, shown("请A001办理", Colour.RED))


def test_a_call_told_while_its_sign_is_busy_follows_the_reply() -> None:
    """One request at a time; the new text goes the moment the old one is answered."""
    bench = plugged()
    bench.give(Show(3, "2号 综合受理", Colour.GREEN))
    bench.until(60)
    bench.give(Show(3, "请A001办理", Colour.RED, urgent=True))
    bench.until(4_000)
    assert bench.to(3)[:2] == [(0, shown("2号 综合受理")), (120, shown("请A001办理", Colour.RED))]
    assert bench.reports == [BusBack(), SignAnswered(3)]


def test_a_hurried_call_is_sent_once_more_after_a_second() -> None:
    """A card may acknowledge a text that came too fast and not show it; it must not stay wrong until the refresh."""
    bench = plugged()
    bench.give(Show(3, "2号 综合受理", Colour.GREEN))
    bench.until(300)
    bench.give(Show(3, "请A001办理", Colour.RED, urgent=True))
    bench.until(12_000)
    assert [at for at, _ in bench.to(3)] == [0, 300, 1_420, 6_540, 11_660]


def test_an_urgent_repeat_of_a_text_that_still_waits_goes_at_once() -> None:
    """Urgency counts also when the text was told before."""
    bench = plugged()
    bench.give(Show(3, "2号 综合受理", Colour.GREEN))
    bench.until(200)
    bench.give(Show(3, "请A001办理", Colour.RED))
    assert len(bench.to(3)) == 1
    bench.give(Show(3, "请A001办理", Colour.RED, urgent=True))
    assert bench.to(3)[-1] == (200, shown("请A001办理", Colour.RED))


def test_a_dead_sign_is_reported_after_three_tries_and_then_pinged() -> None:
    """Three unanswered requests, then a ping every 2 s; said once."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(8_000)
    tries = [(at, shown("请A017办理", Colour.RED)) for at in (0, REPLY_TIMEOUT, 2 * REPLY_TIMEOUT)]
    pings = [(at, PING) for at in (3_200, 5_500, 7_800)]
    assert bench.to(3) == tries + pings
    assert bench.reports == [BusBack(), SignSilent(3)]
    assert pings[0][0] == 3 * REPLY_TIMEOUT + 2_000
    assert pings[1][0] == pings[0][0] + PING_TIMEOUT + 2_000


def test_a_sign_that_comes_back_gets_its_state_at_its_first_reply() -> None:
    """The text of now, not that of before, and its brightness: dynamic areas are lost with the power."""
    bench = plugged(_3=dead)
    bench.give(Brightness(3, 8))
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(4_000)
    bench.give(Show(3, "A017办理中", Colour.GREEN))
    bench.signs[3] = alive
    bench.until(6_200)
    assert bench.to(3)[-3:] == [(5_500, PING), (5_620, bx5k_commands.brightness(8)), (5_740, shown("A017办理中"))]
    assert bench.reports == [BusBack(), SignSilent(3), SignBack(3), SignAnswered(3)]


def test_pings_to_a_dead_sign_never_delay_a_call_to_a_live_one() -> None:
    """A call that comes while a ping to a silent sign is out does not wait for it."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "3号 综合受理", Colour.GREEN))
    bench.give(Show(4, "4号 社会事务", Colour.GREEN))
    bench.until(3_350)
    assert bench.sent[-1] == (3_320, 3, PING)
    bench.give(Show(4, "请B002办理", Colour.RED, urgent=True))
    assert bench.sent[-1] == (3_350, 4, shown("请B002办理", Colour.RED))
    bench.until(4_000)
    assert bench.reports[-1] == SignAnswered(4)


def test_a_call_to_a_silent_sign_does_not_interrupt_its_own_ping() -> None:
    """Nothing is gained by it: the answer to the ping brings the call."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "3号 综合受理", Colour.GREEN))
    bench.until(3_250)
    assert bench.sent[-1] == (3_200, 3, PING)
    bench.give(Show(3, "请A017办理", Colour.RED, urgent=True))
    assert bench.sent[-1] == (3_200, 3, PING)
    bench.give(BytesArrived(reply(3)))
    assert bench.sent[-1] == (3_250, 3, shown("请A017办理", Colour.RED))


def test_a_dying_sign_costs_a_live_one_at_most_one_timeout() -> None:
    """While a sign is still being tried, others go before its next try."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED, urgent=True))
    bench.until(10)
    for address in (4, 5):
        bench.give(Show(address, "请B002办理", Colour.RED, urgent=True))
    bench.until(1_000)
    assert [(at, address) for at, address, _ in bench.sent] == [(0, 3), (400, 4), (520, 5), (640, 3)]


def test_a_live_sign_is_tried_again_before_a_silent_one_is_pinged() -> None:
    """One lost answer of a sign that works counts more than a sign that has been dead for long."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(2_900)
    bench.signs[4] = dead
    bench.give(Show(4, "请B002办理", Colour.RED, urgent=True))
    bench.until(3_250)
    bench.signs[4] = alive
    bench.until(3_500)
    assert [(at, address) for at, address, _ in bench.sent[3:]] == [(2_900, 4), (3_300, 4), (3_420, 3)]


def test_being_woken_too_early_neither_gives_up_nor_forgets() -> None:
    """The wish to be woken is renewed."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(100)
    bench.wake_at = None
    bench.give(TimeReached())
    assert len(bench.sent) == 1
    bench.until(REPLY_TIMEOUT)
    assert len(bench.sent) == 2


def test_one_dead_sign_of_two_leaves_the_other_refreshed_in_time() -> None:
    """For two minutes the live sign is never without a refresh for longer than 6 s; 15 s would blank it."""
    bench = plugged(_3=dead)
    for address in (3, 4):
        bench.give(Show(address, "暂停服务", Colour.YELLOW))
    bench.until(120_000)
    times = [at for at, _ in bench.to(4)]
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 6_000
    assert bench.reports.count(SignSilent(3)) == 1


def test_our_own_echo_is_not_taken_for_an_answer() -> None:
    """Cheap RS-485 adapters give back what we send: without a real reply the sign is silent."""
    echoing = plugged(_3=dead)
    echoing.give(Show(3, "请A017办理", Colour.RED))
    for _ in range(4):
        echoing.give(BytesArrived(Frame(3, 0x8000, echoing.sent[-1][2]).to_bytes()))
        echoing.until(echoing.now + 400)
    assert echoing.reports == [BusBack(), SignSilent(3)]


def test_an_echo_before_the_answer_does_no_harm() -> None:
    """Echo and answer in one piece: the answer counts."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.give(BytesArrived(Frame(3, 0x8000, bench.sent[-1][2]).to_bytes() + reply(3)))
    assert bench.reports == [BusBack(), SignAnswered(3)]


@pytest.mark.parametrize(
    "wrong",
    [reply(4), Frame(0x8001, 3, ACK).to_bytes(), reply(3)[:-4] + b"\x00\x00\x00\x5a", reply(3)[:-1], reply(3, ACK[:3])],
    ids=["of another sign", "to another master", "with a wrong checksum", "cut short", "too short"],
)
def test_what_is_not_the_reply_is_ignored(wrong: bytes) -> None:
    """Only a whole, correct reply of the sign that was asked ends the waiting."""
    bench = plugged(_3=dead)
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.give(BytesArrived(wrong))
    bench.until(399)
    assert (len(bench.sent), bench.reports) == (1, [BusBack()])
    bench.until(400)
    assert len(bench.sent) == 2


def test_a_late_reply_on_a_quiet_bus_is_ignored() -> None:
    """Nothing was asked: nothing is answered."""
    bench = plugged()
    bench.give(BytesArrived(b"\x00\xff" + reply(3)))
    assert (bench.sent, bench.reports) == ([], [BusBack()])


def test_half_a_frame_before_a_request_does_not_hide_the_reply() -> None:
    """Leftovers in the decoder are dropped by the next lead-in."""
    bench = plugged(_3=dead)
    bench.give(BytesArrived(reply(3)[:17]))
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.give(BytesArrived(reply(3)))
    assert bench.reports == [BusBack(), SignAnswered(3)]


def test_a_refusal_is_tried_again_and_then_reported_with_its_reason() -> None:
    """A busy sign gets time; after three refusals people are told, and the next refresh tries again."""
    bench = plugged(_3=lambda _: [NACK_BUSY])
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(2_000)
    assert [at for at, _ in bench.to(3)] == [0, 320, 640]
    assert bench.reports == [BusBack(), SignRefused(3, 3, "busy")]
    bench.signs[3] = alive
    bench.until(8_000)
    assert bench.reports[2:] == [SignAnswered(3)]
    assert bench.to(3)[3][0] == 640 + 120 + 5_000


def test_a_refusal_this_document_does_not_know_is_reported_by_its_number() -> None:
    """Newer cards may have newer errors."""
    bench = plugged(_3=lambda _: [bytes.fromhex("A0 01 63 00 00")])
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(2_000)
    assert bench.reports == [BusBack(), SignRefused(3, 0x63, "error 99")]


def test_a_text_no_sign_can_show_clears_the_sign() -> None:
    """The old number must not stay: the sign goes dark and somebody is told why."""
    bench = plugged()
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.until(2_000)
    bench.give(Show(3, "3号 𠮷", Colour.GREEN))
    bench.until(3_000)
    assert bench.to(3)[-1] == (2_000, bx5k_commands.clear())
    assert isinstance(bench.reports[-2], TextRefused)
    assert "U+20BB7" in bench.reports[-2].reason


def test_a_dark_sign_is_cleared_once_and_then_only_asked_whether_it_is_there() -> None:
    """Clearing again and again would wear nothing, but a ping says the same."""
    bench = plugged()
    bench.give(Clear(3))
    bench.until(11_000)
    assert [data for _, data in bench.to(3)] == [bx5k_commands.clear(), PING, PING]


def test_brightness_is_told_after_a_call_and_not_before() -> None:
    """What a citizen waits for goes first."""
    bench = plugged()
    bench.give(Show(4, "暂停服务", Colour.YELLOW))
    bench.give(Brightness(3, 15))
    bench.give(Show(3, "请A017办理", Colour.RED, urgent=True))
    bench.until(2_000)
    assert bench.to(3) == [(120, shown("请A017办理", Colour.RED)), (240, bx5k_commands.brightness(15))]


def test_a_released_sign_hears_nothing_more() -> None:
    """Its text expires by itself, even if a request to it was under way."""
    bench = plugged()
    bench.give(Show(3, "暂停服务", Colour.YELLOW))
    bench.give(Release(3))
    bench.until(20_000)
    assert len(bench.sent) == 1
    bench = plugged(_3=dead)
    bench.give(Show(3, "暂停服务", Colour.YELLOW))
    bench.give(Release(3))
    bench.until(20_000)
    assert (len(bench.sent), bench.reports) == (1, [BusBack()])


def test_a_bus_without_a_wire_remembers_and_tells_everything_once_it_is_plugged_in() -> None:
    """Texts told meanwhile are not lost, and no older one is sent."""
    bench = Bench()
    bench.give(Show(3, "请A017办理", Colour.RED))
    bench.give(Show(3, "A017办理中", Colour.GREEN))
    bench.give(TimeReached())
    assert bench.sent == []
    bench.give(WireOpened())
    assert bench.sent == [(0, 3, shown("A017办理中"))]


@pytest.mark.parametrize("while_waiting", [True, False])
def test_an_unplugged_bus_is_reported_and_resumed(*, while_waiting: bool) -> None:
    """The adapter is pulled, in the middle of a request or not, and put back: the signs get their state again."""
    bench = plugged()
    bench.give(Show(3, "暂停服务", Colour.YELLOW))
    bench.until(60 if while_waiting else 2_000)
    bench.give(WireLost("unplugged"))
    bench.until(4_000)
    assert (bench.wake_at, len(bench.sent)) == (None, 1)
    bench.give(WireOpened())
    bench.until(4_500)
    assert bench.sent[1:] == [(4_000, 3, shown("暂停服务", Colour.YELLOW))]
    assert BusLost("unplugged") in bench.reports
    assert bench.reports[-1] == SignAnswered(3)


def test_a_wire_that_reopens_without_having_been_lost_is_told_everything_again() -> None:
    """Some wires only say that they are open again."""
    bench = plugged()
    bench.give(Show(3, "暂停服务", Colour.YELLOW))
    bench.until(2_000)
    bench.give(WireOpened())
    assert bench.sent[-1] == (2_000, 3, shown("暂停服务", Colour.YELLOW))

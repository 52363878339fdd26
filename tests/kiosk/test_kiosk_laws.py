"""Laws of the ticket machine under any keys, cards, answers and outages: nobody is left standing, and no secret gets out."""

from dataclasses import replace as changed

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.messages import (
    CheckInRequested,
    HallBoard,
    HelpRequested,
    ReactivateRequested,
    Request,
    RequestDone,
    RequestRefused,
    TicketIssued,
    TicketRequested,
)
from contracts.values import BootId, Condition, GroupId, HallPhase, HallTime, PrintProof, Refusal, TicketId, TicketNo
from firmware.drivers.id_reader import CardFailed
from firmware.drivers.thermal_printer import Printed, PrinterChanged
from firmware.runtime.steps import Reported
from kiosk.machine import Idle
from kiosk.talk import ANSWERED_WITHIN, KEYPAD_KEYS, SILENT, TALK_STAYS
from sim.devices.id_cards import EXPIRED, FOREIGNER, FOREIGNER_2023, PEOPLE, PERMIT, Card
from sim.kiosk_bench import NINE, SETTINGS, KioskBench

KEY = "5c" * 32
KEYED = replace(SETTINGS, identity_day="2026-03-10", identity_key=KEY)
CARDS = (*PEOPLE, EXPIRED, PERMIT, FOREIGNER, FOREIGNER_2023)
KEYS = ("A", "B", "care", *KEYPAD_KEYS)
EVENTS = ("done", "refuse", "issue", "printed", "beat", "away", "wait", "out", "well", "alarm", "clear", "unreadable")
ACTS = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(CARDS),
    st.sampled_from(EVENTS),
    st.sampled_from(list(Refusal)),
    st.integers(1, 25_000),
)
ASKING = (TicketRequested, CheckInRequested, ReactivateRequested, HelpRequested)


class Story:
    """A machine, and a service and a printer that do one thing at a time."""

    def __init__(self) -> None:
        self.bench = KioskBench(settings=KEYED)
        self.bench.heartbeats()
        self.answered: set[str] = set()
        self.printed = 0
        self.fact = 0

    def open_request(self) -> Request | None:
        """The last question nobody has answered."""
        waiting = [one for one in self.bench.said if isinstance(one, ASKING) and one.request_id not in self.answered]
        if waiting:
            self.answered.add(waiting[-1].request_id)
        return waiting[-1] if waiting else None

    def do(self, act: str | int | Card | Refusal) -> None:
        """One act."""
        match act:
            case Card():
                self.bench.card(act)
            case Refusal():
                self.refuse(act)
            case int():
                self.bench.wait(act)
            case "done" | "issue" | "refuse":
                self.answer(act)
            case "printed":
                self.print_out()
            case _ if act in EVENTS:
                self.change(act)
            case _:
                self.bench.press(act)
        self.bench.wait(0)

    def refuse(self, reason: Refusal) -> None:
        """The service says no."""
        asked = self.open_request()
        if asked is not None:
            values = {"no": "A001", "time": "09:30"}
            self.bench.hear(RequestRefused(request_id=asked.request_id, reason=reason, values=values))

    def answer(self, how: str) -> None:
        """The service answers the last question, however late."""
        if how == "refuse":
            self.refuse(Refusal.DUPLICATE_TICKET)
            return
        asked = self.open_request()
        if asked is None:
            return
        if how == "issue" and isinstance(asked, TicketRequested | CheckInRequested):
            no = f"A{len(self.answered):03}"
            self.bench.hear(
                TicketIssued(
                    request_id=asked.request_id,
                    ticket=TicketId(f"2026-03-10/{no}"),
                    no=TicketNo(no),
                    group=GroupId("A"),
                    service=None,
                    issued_at=HallTime(NINE + self.bench.now),
                    waiting=0,
                    token="t" * 22,
                    for_boot=BootId(f"{self.bench.lives:016x}"),
                    appointment_at=NINE if isinstance(asked, CheckInRequested) else None,
                )
            )
        elif not isinstance(asked, TicketRequested):
            self.bench.hear(RequestDone(request_id=asked.request_id, values={"n": "2", "no": "A001", "time": "10:00"}))

    def print_out(self) -> None:
        """The paper that is in the printer comes out."""
        if len(self.bench.jobs) > self.printed:
            self.printed = len(self.bench.jobs)
            self.bench.printer(Printed(self.bench.jobs[-1].job, PrintProof.CONFIRMED))

    def change(self, what: str) -> None:
        """Something around it changes."""
        self.fact += 1
        match what:
            case "beat":
                self.bench.heartbeats()
            case "away":
                self.bench.link_down()
            case "wait":
                self.bench.wait(2_000)
            case "out":
                self.bench.paper_fault()
            case "well":
                self.bench.printer(PrinterChanged(Condition.OK, "ok"))
            case "unreadable":
                self.bench.happen(Reported("id_reader", CardFailed("unreadable")))
            case _:
                alarm = what == "alarm"
                self.bench.hear(HallBoard(epoch=1, fact=self.fact, phase=HallPhase.OPEN, emergency=alarm))

    def papers_and_wishes(self) -> tuple[object, ...]:
        """What a press may have brought about."""
        state = self.bench.state
        return (
            state.talk,
            state.talk_until,
            state.sentence,
            state.wishes,
            state.situation,
            state.care_until,
            state.asked,
            self.bench.shown,
        )


@given(st.lists(ACTS, max_size=30))
def test_no_story_leaves_a_conversation_or_a_question_behind(story: list[str | int | Card | Refusal]) -> None:
    """Whatever was pressed, laid down and answered: left alone, the machine is silent again and asks nothing."""
    run = Story()
    for act in story:
        run.do(act)
        state = run.bench.state
        assert (state.talk == SILENT) is (state.talk_until is None)
        assert state.talk_until is None or state.talk_until > run.bench.now
        assert all(one.give_up_at > run.bench.now for one in state.asked)
        if isinstance(state.situation, Idle):
            assert state.wishes == ()
    for _ in range(len(story) + 2):  # papers come out, or the printer says that they do not
        run.bench.wait(2_000)
        run.print_out()
    run.bench.wait(TALK_STAYS + ANSWERED_WITHIN + 20_000)
    state = run.bench.state
    assert (state.talk, state.asked, state.wishes, state.care_until) == (SILENT, (), (), None)
    assert state.sentence is None


@given(st.lists(ACTS, max_size=25), st.sampled_from(KEYS))
def test_every_press_gets_a_paper_a_sentence_or_a_text_that_answers_it(
    story: list[str | int | Card | Refusal], key: str
) -> None:
    """Whatever was before: a key changes something the person sees, or what it asks for is under way or said already."""
    run = Story()
    for act in story:
        run.do(act)
    run.bench.wait(1)
    before = run.papers_and_wishes()
    state = run.bench.state
    is_awaited = key in state.waited_for()
    untalkative = state.is_emergency or not state.can_print
    run.bench.press(key)
    assert run.papers_and_wishes() != before or is_awaited or untalkative
    assert run.bench.shown != ()
    assert all("{" not in line for line in run.bench.shown)


@given(st.lists(ACTS, max_size=25))
def test_no_secret_of_a_card_or_a_code_is_in_any_effect(story: list[str | int | Card | Refusal]) -> None:
    """Not on the screen, not on paper, not in the journal, the log or a message; and none in what the machine remembers."""
    run = Story()
    for act in story:
        run.do(act)
    wanted = repr(run.bench.effects)
    remembered = repr(changed(run.bench.state, settings=None))
    for card in CARDS:
        for secret in (card.number, card.number[6:14], card.name, card.address):
            assert secret not in wanted
            assert secret not in remembered
    assert KEY not in wanted


@given(st.lists(st.sampled_from("0123456789"), min_size=10, max_size=10).filter(lambda digits: len(set(digits)) > 4))
def test_the_digits_of_a_check_in_are_on_no_screen_and_in_no_message(digits: list[str]) -> None:
    """Only their keyed hash travels; on the text line are stars."""
    run = Story()
    run.bench.effects.clear()
    run.bench.type("appointment", *digits, "ok")
    assert isinstance(run.bench.said[-1], CheckInRequested)
    wanted = repr(run.bench.effects)
    assert "".join(digits) not in wanted
    assert f"{''.join(digits[:4])}:{''.join(digits[4:])}" not in wanted
    shown = [one for one in run.bench.effects if "Show" in repr(one)]
    assert all("已输入" not in repr(one) or "*" in repr(one) for one in shown)

"""The simulated card reader, customer display, key panel and loudspeaker."""

import random
import wave
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.devices.bench import Bench
from sim.devices.card_reader import CardReader, Presented, ReaderQuirks, frame
from sim.devices.panel import ContactMoved, KeyPanel
from sim.devices.text_line import TextLine
from sim.devices.voice import VoiceRecorder

CARD = "7200944C78"
CARD_FRAME = bytes.fromhex("0237323030393434433738443203")

# --- Card reader ---------------------------------------------------------------------------------------------------------


def test_card_frames_are_those_of_the_data_sheet() -> None:
    """Both example cards of hardware.md 3.1."""
    assert frame(CARD) == CARD_FRAME
    assert frame("0A00944C78") == bytes.fromhex("0230413030393434433738414103")


@pytest.mark.parametrize("card", ["7200944c78", "7200944C7", "", "7200944C7G", "7200944C780"])
def test_what_is_no_card_cannot_be_presented(card: str) -> None:
    """A card has ten hex digits in capitals."""
    with pytest.raises(ValueError, match="ten hex digits"):
        CardReader().present(card, 0)


def test_a_card_is_said_again_while_it_stays() -> None:
    """Held for half a second: said at once and every 80 ms, and not after it has gone."""
    reader = CardReader()
    bench = Bench(reader)
    reader.present(CARD, 0, hold_ms=500)
    bench.wait(5000)
    assert [heard.at for heard in bench.heard] == [0, 80, 160, 240, 320, 400, 480]
    assert set(bench.replies) == {CARD_FRAME}
    assert reader.history == [Presented(0, CARD), Presented(500, None)]


def test_a_card_left_lying_is_said_until_it_is_taken() -> None:
    """Without a holding time it repeats until removed."""
    reader = CardReader(repeat_ms=100)
    bench = Bench(reader)
    reader.present(CARD, 0)
    bench.wait(1000)
    reader.remove(bench.now)
    bench.wait(1000)
    assert len(bench.replies) == 11


@pytest.mark.parametrize(
    ("quirks", "said"),
    [
        (ReaderQuirks(bad_checksum=True), CARD_FRAME[:11] + b"00\x03"),
        (ReaderQuirks(cut_frames=True), CARD_FRAME[:7]),
        (ReaderQuirks(noise=b"\xff\x02"), b"\xff\x02" + CARD_FRAME),
    ],
)
def test_a_bad_reader(quirks: ReaderQuirks, said: bytes) -> None:
    """Wrong checksum, half a frame, noise before it."""
    reader = CardReader(quirks=quirks)
    bench = Bench(reader)
    reader.present(CARD, 0)
    assert bench.replies == [said]


def test_a_dead_reader_says_nothing_and_a_reader_hears_nothing() -> None:
    """Dead: silence. Bytes sent to a reader are remembered as the mistake they are."""
    reader = CardReader(quirks=ReaderQuirks(dead=True))
    bench = Bench(reader)
    reader.present(CARD, 0)
    bench.tell(b"hello")
    assert (bench.replies, reader.heard) == ([], b"hello")


# --- Customer display ----------------------------------------------------------------------------------------------------


def shown(*pieces: bytes, columns: int = 20) -> TextLine:
    """A display that has got these bytes."""
    display = TextLine(columns)
    bench = Bench(display)
    for piece in pieces:
        bench.tell(piece)
    return display


def test_two_lines_are_shown_where_the_cursor_was_put() -> None:
    """Initialise, clear, cursor to column and row (from 1), text."""
    display = shown(
        b"\x1b@\x0c\x1f$\x01\x01" + "请A012办理".encode("gb18030") + b"\x1f$\x03\x02" + "还有5人".encode("gb18030")
    )
    assert display.lines() == ("请A012办理", "  还有5人")
    assert (display.unknown, display.refused, display.overflows) == ([], [], [])
    assert display.history[-1].lines == display.lines()


@given(cut=st.integers(0, 22))
def test_bytes_may_be_cut_anywhere(cut: int) -> None:
    """One cut at any byte, in a command or a hanzi, changes nothing."""
    data = b"\x1b@\x0c\x1fC\x00\x1f$\x01\x02" + "暂停服务 W02".encode("gb18030")
    assert shown(data[:cut], data[cut:]).lines() == ("", "暂停服务 W02")


def test_a_text_too_long_runs_over_and_is_flagged() -> None:
    """21 letters on 20 columns: the last stands in the next line, flagged; 20 fit."""
    assert shown(b"x" * 20).overflows == []
    display = shown(b"x" * 20 + b"y")
    assert (display.lines(), display.overflows) == (("x" * 20, "y"), ["y runs over into line 2"])


def test_a_hanzi_is_never_split() -> None:
    """With one cell left a hanzi goes to the next line, flagged."""
    display = shown(b"x" * 19 + "请".encode("gb18030"))
    assert (display.lines(), len(display.overflows)) == (("x" * 19, "请"), 1)


def test_overwriting_half_a_hanzi_blanks_the_other_half() -> None:
    """No half characters remain, as with cells of glass."""
    display = shown("请办".encode("gb18030") + b"\x1f$\x02\x01" + b"A")
    assert display.lines() == (" A办", "")


def test_a_cursor_off_the_screen_and_unknown_bytes_are_recorded() -> None:
    """They change nothing."""
    display = shown(b"A\x1f$\x15\x01\x1f$\x00\x00\x1bz\x07" + b"B")
    assert (display.lines()[0], len(display.refused), display.unknown) == ("AB", 2, ["1b 7a", "07"])


def test_control_characters_move_the_cursor() -> None:
    """CR, LF, home, clear line, backspace."""
    assert shown(b"abc\rX\nY\x0bZ").lines() == ("Zbc", " Y")
    assert shown(b"abc\x18d\x08e").lines() == ("e", "")


def test_a_display_that_lost_power_is_empty_and_a_dead_one_stays_so() -> None:
    """Power loss forgets the text; dead, it takes none."""
    display = shown(b"abc")
    display.power_on()
    assert display.lines() == ("", "")
    display.dead = True
    display.hear(b"abc", 0)
    assert display.lines() == ("", "")


def test_its_picture_has_a_lamp_for_every_dot() -> None:
    """20 columns of 8 and 2 rows of 16 dots."""
    image = shown("请".encode("gb18030")).image()
    assert image.size == (20 * 8 * 6, 2 * 16 * 6)
    assert image.crop((0, 0, 96, 96)).getcolors() != image.crop((96, 0, 192, 96)).getcolors()


# --- Keys and lamps ------------------------------------------------------------------------------------------------------


def run_panel(panel: KeyPanel, until: int) -> None:
    """Wake a panel as its owner would."""
    while panel.wake_at is not None and panel.wake_at <= until:
        panel.wake(panel.wake_at)


def test_a_press_closes_and_opens_the_contact() -> None:
    """A clean press is two edges, its holding time apart, and reaches the pins."""
    panel = KeyPanel([5, 6])
    driven: list[tuple[int, bool]] = []
    panel.connect(lambda pin, active: driven.append((pin, active)))
    panel.press(6, 100, hold_ms=80)
    assert (driven, panel.wake_at) == ([(6, True)], 180)
    run_panel(panel, 1000)
    assert driven == [(6, True), (6, False)]
    assert panel.history == [ContactMoved(100, 6, active=True), ContactMoved(180, 6, active=False)]


@given(seed=st.integers(0, 10_000), bounce=st.integers(1, 50))
def test_a_bouncing_press_begins_closed_and_ends_open(seed: int, bounce: int) -> None:
    """Edges alternate, all within the bounce time of press and release; the last one opens."""
    panel = KeyPanel([5], seed=seed)
    panel.press(5, 0, hold_ms=120, bounce_ms=bounce)
    run_panel(panel, 1000)
    edges = [edge for edge in panel.history if isinstance(edge, ContactMoved)]
    assert edges[0] == ContactMoved(0, 5, active=True)
    assert not edges[-1].active
    assert all(first.active != second.active and first.at <= second.at for first, second in pairwise(edges))
    assert all(0 <= edge.at <= bounce or 120 <= edge.at <= 120 + bounce for edge in edges)
    assert len(edges) > 2


def test_the_same_seed_bounces_the_same_way() -> None:
    """Two panels with one seed make the same train of edges."""
    histories = []
    for _ in range(2):
        panel = KeyPanel([5], seed=7)
        panel.press(5, 0, bounce_ms=20)
        run_panel(panel, 1000)
        histories.append(panel.history)
    assert histories[0] == histories[1]


def test_a_stuck_key_stays_down_until_freed() -> None:
    """Pressing a stuck key again changes nothing."""
    panel = KeyPanel([5])
    panel.stick(5, 0)
    panel.press(5, 100)
    run_panel(panel, 1000)
    assert panel.history == [ContactMoved(0, 5, active=True)]
    panel.free(5, 2000)
    assert panel.history[1:] == [ContactMoved(2000, 5, active=False)]


def test_there_are_only_the_keys_there_are() -> None:
    """A key that is not on the panel cannot be pressed, nor one that bounces longer than it is held."""
    with pytest.raises(ValueError, match=r"no key on pin 9, only on \[5\]"):
        KeyPanel([5]).press(9, 0)
    with pytest.raises(ValueError, match="cannot bounce"):
        KeyPanel([5]).press(5, 0, hold_ms=20, bounce_ms=20)


def test_lamps_and_beeps_are_remembered() -> None:
    """When an output was on, and for how long; pins of other panels are not its business."""
    panel = KeyPanel([5], outputs=[17, 27])
    panel.saw(17, 10, active=True)
    panel.saw(17, 20, active=True)
    panel.saw(99, 20, active=True)
    panel.saw(27, 30, active=True)
    panel.saw(27, 80, active=False)
    assert (panel.is_lit(17), panel.is_lit(27)) == (True, False)
    assert (panel.times_on(17), panel.times_on(27)) == ([(10, None)], [(30, 80)])


# --- Loudspeaker ---------------------------------------------------------------------------------------------------------


def samples(seed: int, duration_ms: int) -> bytes:
    """Sound that is nothing else."""
    return random.Random(seed).randbytes(duration_ms * 16 * 2)


def test_paced_pieces_without_silence_are_one_utterance() -> None:
    """Bytes arrive when they have been spoken: two pieces in a row are one announcement, a third after a pause another."""
    voice = VoiceRecorder()
    voice.hear(samples(1, 500), 500)
    voice.hear(samples(2, 300), 800)
    voice.hear(samples(3, 400), 3000)
    assert [(said.start, said.end) for said in voice.history] == [(0, 800), (2600, 3000)]
    assert voice.overlaps == []


def test_two_voices_at_once_are_an_overlap() -> None:
    """Unpaced, a piece that comes while another is being spoken is flagged."""
    voice = VoiceRecorder(paced=False)
    voice.hear(samples(1, 500), 0)
    voice.hear(samples(2, 500), 400)
    voice.hear(samples(3, 500), 2000)
    assert [said.start for said in voice.overlaps] == [400]


def test_known_clips_are_read_back() -> None:
    """With the clips of a bank the recorder tells what was said, whatever lies between them."""
    clips = {name: samples(seed, 200) for seed, name in enumerate(["请", "A", "零", "一", "二"])}
    voice = VoiceRecorder(clips=clips)
    silence = bytes(3200)
    voice.hear(
        samples(99, 700) + silence + clips["请"] + clips["A"] + silence + clips["零"] + clips["一"] + clips["二"], 5000
    )
    assert voice.said() == [["请", "A", "零", "一", "二"]]


def test_the_wav_keeps_the_silences(tmp_path: Path) -> None:
    """The file is 16-bit mono, as long as from the first to the last word."""
    voice = VoiceRecorder()
    voice.hear(samples(1, 500), 500)
    voice.hear(samples(2, 500), 2000)
    voice.write_wav(tmp_path / "voice.wav")
    with wave.open(str(tmp_path / "voice.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.getnframes() == 2 * 16_000
        file.setpos(16_000)
        assert file.readframes(100) == bytes(200)

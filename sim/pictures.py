"""What a hall leaves to look at and to listen to: papers, signs, text lines and boards, and what its loudspeakers said."""

from pathlib import Path

from sim.furnishing import Furnished


def tickets(furnished: Furnished, folder: Path) -> list[Path]:
    """A picture of every paper, and beside it its lines as text."""
    made = []
    for machine in furnished.machines.values():
        for count, paper in enumerate(machine.printer.papers, start=1):
            path = folder / f"ticket-{machine.node}-{count:03d}.png"
            paper.image.save(path)
            path.with_suffix(".txt").write_text(paper.text + "\n", encoding="utf-8")
            made.append(path)
    return made


def signs(furnished: Furnished, folder: Path, moment: str) -> list[Path]:
    """A picture of every sign as it is now; in the thread of the hall's loop. ``moment`` becomes part of the name."""
    made = []
    for display in furnished.displays.values():
        for counter, sign in display.signs.items():
            path = folder / f"sign-{counter}-{moment}.png"
            sign.image(display.world.timetable.now).save(path)
            made.append(path)
    return made


def faces(furnished: Furnished, folder: Path) -> list[Path]:
    """A picture of every text line as it is now."""
    displays = {
        **{machine.node: machine.display for machine in furnished.machines.values()},
        **{counter.node: counter.display for counter in furnished.counters.values()},
        **{clock.node: clock.display for clock in furnished.clocks.values()},
    }
    made = []
    for node, display in displays.items():
        path = folder / f"text-{node}.png"
        display.image().save(path)
        made.append(path)
    return made


def board(furnished: Furnished, folder: Path) -> list[Path]:
    """What every main board says, as a picture and as text."""
    made = []
    for display in furnished.displays.values():
        if display.board.shown is not None:
            path = folder / f"board-{display.node}.png"
            display.board.image().save(path)
            made.append(path)
            path = path.with_suffix(".txt")
            path.write_text("\n".join(display.board.shown.lines) + "\n", encoding="utf-8")
            made.append(path)
    return made


def voices(furnished: Furnished, folder: Path) -> list[Path]:
    """What every loudspeaker has said, as sound."""
    made = []
    for display in furnished.displays.values():
        path = folder / f"voice-{display.node}.wav"
        display.voice.write_wav(path)
        made.append(path)
    return made

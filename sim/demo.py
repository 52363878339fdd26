"""``hall-sim demo``: a whole hall for about a minute, every node its own process, with citizens and staff.

Compressed in time: a service takes seconds, and the small demo hall has short waits between calls (``recall_gap_s`` 4 and
``noshow_after_s`` 6 instead of 20 and 60). Nothing else is different from a hall that opens on Monday.
"""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from contracts.values import CounterId, GroupId, Ms
from sim import account, pictures
from sim.actors import Teller
from sim.halls import config_text
from sim.manners import Manners, Memories
from sim.mqtt_process import NoServerError
from sim.people import People
from sim.process_hall import NotReadyError, ProcessHall
from sim.processes import wait_a_moment
from sim.stopping import INTERRUPTED, stoppable
from sim.stopwatch import Stopwatch, percentile
from sim.view import glance, view

HALL = "demo-small"
OPENS_AT = "2026-03-10T09:00:00"
"""The hall's clock begins here, so that it is open at any hour of any day; the service alone is told."""
CLERKS = {CounterId("W01"): "S101", CounterId("W02"): "S102", CounterId("W03"): "S103"}
GROUPS = {GroupId("A"): 0.6, GroupId("B"): 0.4}
MANNERS = Manners(
    walk=(800, 2_500),
    service=(2_000, 6_000),
    reaction=(400, 1_200),
    looking=300,
    never_come=0.08,
    rates=0.8,
    care=0.15,
    paper_patience=10_000,
    patience=3_000,
    sits_down=4_000,
    transfers={CounterId("W02"): "社会事务"},
    holds=1,
    checks=1,
)
SEED = 24
"""Among its visitors are two who use the 爱心 key and one who goes away with a ticket and never comes. One is handed on to
the other group, one put aside for a while and taken up again, and one priority is looked at."""
ONE_VISITOR_EVERY: Ms = 2_400
ARRIVALS_SHARE = 0.56
"""Of the time asked for; the rest is for serving everybody who holds a ticket."""
LONGEST_AFTER: Ms = 120_000
"""How long after the time asked for the last visitor may be served before something must be wrong."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written to summary.json."""

    summary: dict[str, Any]

    @property
    def is_good(self) -> bool:
        """Whether everything printed is accounted for and everything verified."""
        return not self.summary["problems"]


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    one = commands.add_parser("demo", help="a whole hall on simulated devices, for about a minute")
    one.add_argument("--seconds", type=int, default=60, help="about how long people come and are served (60)")
    one.add_argument("--out", type=Path, default=Path("build/demo"), help="where results go; emptied first (build/demo)")
    one.add_argument("--seed", type=int, default=SEED, help=f"who comes when, and how they are ({SEED})")
    one.add_argument("--only-mosquitto", action="store_true", help="fail rather than use the stand-in MQTT server")
    one.set_defaults(act=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo; returns the exit code."""
    out: Path = arguments.out
    _empty(out)
    with stoppable():
        try:
            outcome = play(out, arguments.seconds, arguments.seed, sys.stdout, only_mosquitto=arguments.only_mosquitto)
        except (NotReadyError, NoServerError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted: everything that was started has been stopped\n")
            return INTERRUPTED
    sys.stdout.write(json.dumps(outcome.summary, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write(f"tickets, signs and the database are in {out}\n")
    return 0 if outcome.is_good else 1


def play(out: Path, seconds: int, seed: int, screen: TextIO, *, only_mosquitto: bool = False) -> Outcome:
    """Open the hall, let people in, close it, and draw up the account. Raises ``NotReadyError``, ``NoServerError``."""
    run_folder = out / "run"
    screen.write("starting an MQTT server, the rules service and the nodes ...\n")
    screen.flush()
    with ProcessHall(config_text(HALL), run_folder, seed=seed, clock_start=OPENS_AT, only_mosquitto=only_mosquitto) as hall:
        screen.write(f"MQTT server: {hall.mqtt.name}, {hall.mqtt.meaning}\n{_compressed(hall)}\n")
        stopwatch = hall.loop.ask(lambda: Stopwatch(hall.furnished))
        people = hall.loop.ask(lambda: _let_in(hall, seconds, seed))
        troubles = _watch(hall, people, seconds, screen, out)
        hall.loop.ask(lambda: pictures.tickets(hall.furnished, out), within_s=60)
        hall.loop.ask(lambda: pictures.signs(hall.furnished, out, "end"))
        hall.loop.ask(lambda: [*pictures.faces(hall.furnished, out), *pictures.board(hall.furnished, out)])
        hall.loop.ask(lambda: pictures.voices(hall.furnished, out))
        papers = hall.loop.ask(lambda: [p for m in hall.furnished.machines.values() for p in m.printer.papers])
        troubles += hall.loop.ask(lambda: _about_devices(hall))
        troubles += [f"{name} had to be killed" for name in hall.close()]
    shutil.copyfile(run_folder / "data" / "hall.db", out / "hall.db")
    troubles += _verify(run_folder / "data")
    ledger = account.read_ledger(run_folder / "data" / "hall.db")
    troubles += account.problems(ledger, papers, people.memories)
    summary = _summary(ledger, len(papers), people.memories, stopwatch, troubles)
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Outcome(summary)


def _compressed(hall: ProcessHall) -> str:
    """What is not as in a hall that opens on Monday."""
    queue = hall.config.params.queue
    shortest, longest = MANNERS.service
    return (
        f"compressed: a service takes {shortest // 1000} to {longest // 1000} s; a call is repeated after "
        f"{queue.recall_gap_s} s (a hall: 20) and given up {queue.noshow_after_s} s after the last (a hall: 60)"
    )


def _let_in(hall: ProcessHall, seconds: int, seed: int) -> People:
    people = People(hall.furnished, Teller(hall.loop), seed, MANNERS, ears=True)
    cards = {str(person.id): person.card or "" for person in hall.config.staff}
    people.begin()
    people.staff({counter: cards[staff] for counter, staff in CLERKS.items()}, over=2_000)
    arriving = round(seconds * 1000 * ARRIVALS_SHARE)
    people.citizens(max(3, arriving // ONE_VISITOR_EVERY), over=arriving, shares=GROUPS)
    people.is_over = True  # everybody who will come has an appointment with the loop already
    return people


def _watch(hall: ProcessHall, people: People, seconds: int, screen: TextIO, out: Path) -> list[str]:
    """Show the hall until everybody has gone home; returns what went wrong meanwhile."""
    began = hall.loop.now
    half_time = began + seconds * 500
    pictured = False
    with view(screen, hall.data / "hall.db") as shown:
        while not hall.loop.ask(lambda: people.have_gone):
            passed = hall.loop.now - began
            if trouble := hall.trouble():
                return trouble
            if passed > seconds * 1000 + LONGEST_AFTER:
                return [f"{people.in_hall} visitors are still in the hall after {passed // 1000} s"]
            if not pictured and hall.loop.now >= half_time:
                pictured = True
                hall.loop.ask(lambda: pictures.signs(hall.furnished, out, "half-time"))
            shown.show(hall.loop.ask(lambda: glance(hall.furnished, people)), f"{passed // 1000:>3} s")
            wait_a_moment(hall.service, 0.25)
    return []


def _about_devices(hall: ProcessHall) -> list[str]:
    """What devices had to refuse, and texts nobody could read whole."""
    found = [f"pins of {node}: {why}" for node, header in hall.world.headers.items() for why in header.refused]
    for machine in hall.furnished.machines.values():
        found += [f"the printer of {machine.node} did not understand {what}" for what in machine.printer.unknown]
    for display in hall.furnished.displays.values():
        found += [f"the main board refused {what}" for what in display.board.refused]
        found += [f"the main board has no room for {line!r}" for line in display.board.overflows]
        found += [f"two announcements at once, at {piece.start} ms" for piece in display.voice.overlaps]
        for counter, sign in display.signs.items():
            found += [f"sign {counter}: {misfit.text!r} does not fit: {misfit.why}" for misfit in sign.overflows]
            found += [f"sign {counter} refused: {what}" for what in sign.refused]
    return found


def _verify(data: Path) -> list[str]:
    """``hall-broker verify``, as an operator would type it."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-m", "broker", "verify", "--data", str(data)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return []
    return [f"hall-broker verify failed ({done.returncode}): {(done.stdout + done.stderr).strip()[-600:]}"]


def _summary(
    ledger: account.Ledger, printed: int, memories: Memories, stopwatch: Stopwatch, troubles: list[str]
) -> dict[str, Any]:
    return {
        "issued": len(ledger.states),
        "printed": printed,
        "called": ledger.called,
        "served": ledger.count("done"),
        "no_show": ledger.count("no_show"),
        "rated": ledger.rated,
        "handed_on": len(memories.handed_on),
        "put_aside": len(memories.put_aside),
        "verified": memories.verified,
        "punches": ledger.punches,
        "press_to_print_ms": {f"p{rank}": percentile(stopwatch.press_to_print, rank) for rank in (50, 99)},
        "call_to_sign_ms": {f"p{rank}": percentile(stopwatch.call_to_sign, rank) for rank in (50, 99)},
        "problems": troubles,
    }


def _empty(out: Path) -> None:
    """Remove what an earlier demo has left; nothing else that may lie there."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / "run", ignore_errors=True)
    for pattern in ("ticket-*", "sign-*", "text-*", "board-*", "voice-*", "summary.json", "hall.db"):
        for path in out.glob(pattern):
            path.unlink()

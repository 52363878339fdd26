"""The service as a process on a real MQTT server: killed, starved, started twice, and never a promise broken."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broker.archive import Archive
from broker.verify import verify
from contracts import messages as m
from contracts.codec import decode, encode
from contracts.values import BootId, GroupId, NodeName, RequestId
from sim.service_bench import SMALL, TOPICS
from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto, Watcher

pytestmark = pytest.mark.mosquitto

Closing = Callable[[Any], Any]
KIOSK = NodeName("TM-01")
DYING = (sys.executable, str(Path(__file__).with_name("dying_service.py")))


def _press(number: int) -> m.TicketRequested:
    return m.TicketRequested(request_id=RequestId(f"TM-01/00000000000000bb/{number}"), group=GroupId("A"))


def _say(watcher: Watcher, request: m.Request, node: NodeName = KIOSK) -> None:
    watcher.say(TOPICS.up(node, type(request)), encode(request))


def _answer(watcher: Watcher) -> m.Message:
    """The next answer to anybody; eight heartbeats without one are too long."""
    beats = 0
    while (item := watcher.inbox.take(int(PATIENCE_S * 1000))) is not None:
        topic, payload, _ = item
        if "/down/" in topic:
            return decode(topic, payload)
        beats += topic == TOPICS.service_state
        assert beats <= 8, "nobody is answered"
    raise AssertionError("the service is silent")


ON_THE_WAY = 20
"""A kiosk has no more unanswered requests than that; what is far beyond counts as a flood (``broker.turnstile``)."""


def _press_on(watcher: Watcher, pressed: int, answered: int, total: int) -> int:
    """Press until so many are on their way; returns how many were pressed in all."""
    until = min(total, answered + ON_THE_WAY)
    for number in range(pressed, until):
        _say(watcher, _press(number))
    return max(pressed, until)


def _issued(watcher: Watcher) -> m.TicketIssued:
    """The next ticket for the kiosk; answers to the ops node are passed over."""
    answer = _answer(watcher)
    while isinstance(answer, m.RequestDone):
        answer = _answer(watcher)
    assert isinstance(answer, m.TicketIssued), answer
    return answer


def _tickets(data: Path) -> list[tuple[str, str]]:
    """The (number, request) of every ticket issued, from the facts."""
    with Archive(data) as archive:
        found = archive.database.execute(
            "SELECT json_extract(body, '$.no'), request_id FROM facts WHERE kind = 'TicketIssued' ORDER BY number"
        ).fetchall()
        assert verify(archive).differences == []
    return found


@pytest.mark.parametrize(("where", "answers"), [("before_commit", 1), ("after_commit", 1), ("after_publish", 2)])
def test_a_press_survives_a_kill_at_any_point_as_one_ticket(
    mosquitto: Mosquitto, tmp_path: Path, closing: Closing, where: str, answers: int
) -> None:
    """Killed before COMMIT, between COMMIT and the answer, or before the acknowledgement: the citizen gets A001, once."""
    data = tmp_path / "data"
    watcher = closing(Watcher(mosquitto))
    dying = closing(ServiceProcess(mosquitto, data, program=(*DYING, where))).up()
    _say(watcher, _press(0))
    assert dying.ended() == 9

    service = closing(ServiceProcess(mosquitto, data))
    heard = [_issued(watcher) for _ in range(answers)]
    assert {(one.no, one.ticket, one.request_id, one.token) for one in heard} == {
        ("A001", "2026-03-10/A001", _press(0).request_id, heard[0].token)
    }
    _say(watcher, _press(1))
    assert _issued(watcher).no == "A002"
    assert service.stop() == 0
    assert _tickets(data) == [("A001", _press(0).request_id), ("A002", _press(1).request_id)]


def test_presses_in_a_storm_survive_kills(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """Three hundred presses while the service is killed twice: every press is answered, each with a number of its own."""
    data = tmp_path / "data"
    watcher = closing(Watcher(mosquitto))
    service = closing(ServiceProcess(mosquitto, data)).up()
    answered: dict[str, str] = {}
    pressed = 0
    for patience in (20, 120):
        while len(answered) < patience:
            pressed = _press_on(watcher, pressed, len(answered), 300)
            one = _issued(watcher)
            answered[str(one.request_id)] = one.no
        service.kill()
        service = closing(ServiceProcess(mosquitto, data))
    while len(answered) < 300:
        pressed = _press_on(watcher, pressed, len(answered), 300)
        one = _issued(watcher)
        assert answered.setdefault(str(one.request_id), one.no) == one.no, "one press, two numbers"
    service.stop()
    assert sorted(answered.values()) == [f"A{number:03d}" for number in range(1, 301)]
    assert dict(_tickets(data)) == {no: request_id for request_id, no in answered.items()}


def test_a_second_service_is_turned_away(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """It names the first one's process and leaves with 75; the first one does not notice."""
    watcher = closing(Watcher(mosquitto))
    first = closing(ServiceProcess(mosquitto, tmp_path)).up()
    second = closing(ServiceProcess(mosquitto, tmp_path))
    assert second.ended() == 75
    assert f"pid {first._popen.pid}" in "".join(second.stderr)
    assert "Traceback" not in "".join(second.stderr)
    _say(watcher, _press(0))
    assert _issued(watcher).no == "A001"


def test_a_damaged_database_is_refused_with_advice(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """Exit 78, which the systemd unit does not retry, and the way out in both languages."""
    (tmp_path / "hall.db").write_bytes(b"\x00" * 8192)
    refused = closing(ServiceProcess(mosquitto, tmp_path))
    assert refused.ended() == 78
    said = "".join(refused.stderr)
    assert "已损坏" in said
    assert "is damaged" in said
    assert "Traceback" not in said
    assert (tmp_path / "hall.db").read_bytes() == b"\x00" * 8192


def test_a_disk_that_takes_no_more_stops_the_service_loudly(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """No room: exit 74 with advice, nothing acknowledged is lost, and with room every press is answered after all."""
    data = tmp_path / "data"
    watcher = closing(Watcher(mosquitto))
    closing(ServiceProcess(mosquitto, data)).up().stop()
    starved = closing(ServiceProcess(mosquitto, data, before=("prlimit", "--fsize=200000"))).up()
    answered: dict[str, str] = {}
    pressed = 0
    while starved._popen.poll() is None:
        pressed = _press_on(watcher, pressed, len(answered), 1_000)
        item = watcher.inbox.take(100)
        if item is not None and "/down/" in item[0]:
            one = decode(item[0], item[1])
            assert isinstance(one, m.TicketIssued)
            answered[str(one.request_id)] = one.no
    assert starved.ended() == 74
    said = "".join(starved.stderr)
    assert "无法写入" in said
    assert "df -h" in said
    assert "Traceback" not in said

    assert 0 < len(answered) < pressed
    closing(ServiceProcess(mosquitto, data))
    while len(answered) < pressed:
        one = _issued(watcher)
        assert answered.setdefault(str(one.request_id), one.no) == one.no, "one press, two numbers"
    assert sorted(answered.values()) == [f"A{number:03d}" for number in range(1, pressed + 1)]


def test_a_server_without_memory_gets_all_state_back(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """The server is killed and its store lost: settings, boards, desks and heartbeat stand again on the new one."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    mosquitto.kill()
    mosquitto.forget()
    mosquitto.start()
    service.log.wait_for("link_up", times=2)
    watcher = closing(Watcher(mosquitto))
    missing = {TOPICS.settings(KIOSK), TOPICS.hall_board, TOPICS.queue_board(GroupId("A")), TOPICS.service_state}
    while missing:
        item = watcher.inbox.take(int(PATIENCE_S * 1_000))
        assert item is not None, missing
        decode(item[0], item[1])
        missing.discard(item[0])


def test_an_orderly_stop_says_goodbye(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """SIGTERM: exit 0, the retained heartbeat says offline, and the database is one whole file."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    assert service.stop() == 0
    state = decode(TOPICS.service_state, closing(Watcher(mosquitto)).wait_for(TOPICS.service_state)[0])
    assert isinstance(state, m.ServiceState)
    assert not state.online
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("hall")) == ["hall.db", "hall.db.lock"]


def test_a_kill_is_noticed_by_the_last_will(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """After kill -9 the server says offline for the service, so kiosks go on by themselves."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    watcher = closing(Watcher(mosquitto))
    service.kill()
    while True:
        state = decode(TOPICS.service_state, watcher.wait_for(TOPICS.service_state)[0])
        assert isinstance(state, m.ServiceState)
        if not state.online:
            break


# --- The commands --------------------------------------------------------------------------------------------------------


def _command(*typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "broker", *typed], capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )


def test_tickets_are_entered_reprinted_and_cancelled_by_command(
    mosquitto: Mosquitto, tmp_path: Path, closing: Closing
) -> None:
    """The ops node asks, the service answers, and why, facts and verify tell the story while it runs."""
    data, where = str(tmp_path), f"127.0.0.1:{mosquitto.port}"
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    watcher = closing(Watcher(mosquitto))
    asking = ("--actor", "S004", "--data", data, "--mqtt", where)

    green = _command("ticket", "enter", "--group", "A", "--class", "green", "--project", "YA2026-007", *asking)
    assert (green.returncode, green.stderr) == (0, "")
    assert "已取号 A001" in green.stdout
    birth = m.NodeState(node=KIOSK, boot=BootId("0" * 16), online=True)
    watcher.say(TOPICS.node_state(KIOSK), encode(birth), retain=True)
    printed = _command("ticket", "enter", "--group", "B", "--print-at", "TM-01", *asking)
    assert "B001" in printed.stdout
    assert (_issued(watcher).no, printed.returncode) == ("B001", 0)
    again = _command("ticket", "reprint", "B001", "--print-at", "TM-01", *asking)
    assert (again.returncode, _issued(watcher).copy) == (0, 1)
    gone = _command("ticket", "cancel", "A001", "--reason", "holder left", *asking)
    assert (gone.returncode, gone.stdout) == (0, "已取消 A001\nCancelled A001\n")
    twice = _command("ticket", "cancel", "A001", "--reason", "holder left", *asking)
    assert twice.returncode == 1
    assert "Not possible for this ticket now" in twice.stderr
    unknown = _command("ticket", "enter", "--group", "Z", *asking)
    assert unknown.returncode == 1

    why = _command("why", "A001", "--data", data)
    assert why.returncode == 0
    assert len(why.stdout.splitlines()) == 2
    assert "holder left" in why.stdout
    assert _command("why", "A099", "--data", data).returncode == 1
    facts = _command("facts", "--json", "-n", "1000", "--data", data).stdout.splitlines()
    assert any('"fact":{"' in line and '"TicketCancelled"' in line for line in facts)
    verified = _command("verify", "--data", data)
    assert (verified.returncode, verified.stdout[:3]) == (0, "OK:")
    service.stop()

    refused = _command("ticket", "cancel", "B001", "--reason", "late", *asking)
    assert refused.returncode == 1
    assert "规则服务未运行" in refused.stderr
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    facts_now = _command("facts", "-n", "1000", "--data", data).stdout
    assert "late" not in facts_now, "nothing was kept for later"


def test_facts_are_followed_as_they_are_stored(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """The live view prints what is there, then every new fact, as one JSON object a line, until it is stopped."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    watcher = closing(Watcher(mosquitto))
    typed = [sys.executable, "-m", "broker", "facts", "--follow", "--json", "--data", str(tmp_path)]
    with subprocess.Popen(typed, stdout=subprocess.PIPE, text=True) as view:
        assert view.stdout is not None
        lines = (json.loads(line) for line in view.stdout)
        assert next(lines)["fact"]["fact"] == "ConfigurationAdopted"
        _say(watcher, _press(0))
        ticket = next(line for line in lines if line["fact"]["fact"] == "TicketIssued")
        assert (ticket["fact"]["no"], ticket["request_id"]) == ("A001", _press(0).request_id)
        view.terminate()
        assert view.wait(PATIENCE_S) == 0


def test_a_command_without_a_server_says_so(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """No MQTT server: a sentence with its address, no traceback."""
    mosquitto.stop()
    typed = ("ticket", "enter", "--group", "A", "--actor", "S004", "--config", str(SMALL))
    refused = _command(*typed, "--mqtt", f"127.0.0.1:{mosquitto.port}")
    assert refused.returncode == 1
    assert f"127.0.0.1:{mosquitto.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (("verify", "--data", "/nowhere"), 78, "没有找到数据库"),
        (("why", "A001", "--data", "/nowhere"), 78, "There is no database"),
        (("check", "/nowhere/hall.toml"), 2, "/nowhere/hall.toml"),
        (("rehearse", "queue", "/nowhere.json"), 2, "/nowhere.json"),
        (("run", "--config", "/nowhere.toml", "--data", "/nowhere"), 78, "/nowhere.toml"),
        (("ticket", "enter", "--group", "A", "--actor", "S004", "--data", "/nowhere"), 78, "There is no database"),
        (("run", "--config", "x", "--data", "y", "--mqtt", "nonsense"), 2, "HOST:PORT"),
        (("run", "--config", "x", "--data", "y", "--hall-clock-start", "soon"), 2, "2026-03-10T08:45:00"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(typed: tuple[str, ...], code: int, says: str) -> None:
    """Wrong paths and wrong words: an exit code and a sentence, never a traceback."""
    result = _command(*typed)
    assert result.returncode == code
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_stranger_is_told_and_the_facts_say_so(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """A machine that is in no configuration is refused over the wire and reported."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    watcher = closing(Watcher(mosquitto))
    stranger = NodeName("TM-77")
    press = m.TicketRequested(request_id=RequestId(f"TM-77/{BootId('0' * 16)}/0"), group=GroupId("A"))
    _say(watcher, press, stranger)
    answer = _answer(watcher)
    assert isinstance(answer, m.RequestRefused)
    assert answer.reason == "node_not_declared"

"""``hall-broker staff``: lost cards and PINs, as they are typed."""

import getpass
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broker.cli.command_error import CommandError
from broker.cli.work_cards import _typed
from contracts.pins import is_stretched, stretched
from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    """Somebody types these at the prompts."""
    said = iter(typed)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(said))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("12345",), "6位数字"),
        (("48291a",), "6位数字"),
        (("\u0664\u0668\u0662\u0669\u0661\u0665",), "6位数字"),
        (("111111",), "过于简单"),
        (("654321",), "过于简单"),
        (("482915", "482916"), "不一致"),
    ],
)
def test_what_is_typed_must_be_a_pin_twice(monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], why: str) -> None:
    """Six digits, not the first everybody would try, and the same again; else nothing is asked of the service."""
    typing(monkeypatch, *typed)
    with pytest.raises(CommandError, match=why):
        _typed()


def test_the_same_pin_is_never_stretched_to_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A salt of its own each time: two persons with one PIN cannot be told."""
    found = []
    for _ in range(2):
        typing(monkeypatch, "482915", "482915")
        salt, hashed = _typed()
        assert is_stretched(hashed)
        assert hashed == stretched(salt, "482915")
        found.append(hashed)
    assert found[0] != found[1]


@pytest.mark.mosquitto
def test_cards_and_pins_by_command(mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    """COND-4, D15: reported, listed, found; the PIN is read from the prompt and printed nowhere."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()

    def command(*typed: str, said: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "broker", "staff", *typed],
            capture_output=True,
            text=True,
            check=False,
            input=said,
            start_new_session=True,  # no terminal: what is typed comes from the pipe
            timeout=3 * PATIENCE_S,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    def ask(what: str, *typed: str, actor: str = "S003", said: str = "") -> tuple[int, str]:
        asking = ("--actor", actor, "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
        return command(what, "--staff", "S101", *typed, *asking, said=said)

    assert "没有挂失的卡" in command("cards", "--data", str(tmp_path))[1]
    assert ask("card-lost") == (0, "S101 的工作卡已挂失\nThe work card of S101 is reported lost\n")
    code, said = ask("pin", said="482915\n482915\n")
    assert (code, "S101 的密码已设置" in said, "482915" in said) == (0, True, False)
    assert command("cards", "--data", str(tmp_path)) == (0, "S101  已挂失 card lost\nS101  有密码 has a PIN\n")
    assert ask("card-lost", actor="S102")[0] == 1
    assert ask("login", "--counter", "W02") == (0, "S101 已登录 W02\nS101 is logged in at W02\n")
    assert ask("login", "--counter", "W02", "--leave") == (0, "S101 已退出 W02\nS101 has left W02\n")
    assert ask("card-found")[0] == 0
    assert ask("pin", "--remove")[0] == 0
    assert "没有挂失的卡" in command("cards", "--data", str(tmp_path))[1]

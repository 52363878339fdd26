"""The strings: complete, polite, printable on every device, and the same in both languages."""

import ast
import re
from pathlib import Path

import pytest

from contracts.values import Refusal, TaskKind
from words import every_key, text

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("key", every_key())
def test_string_is_printable_polite_and_has_equal_placeholders(key: str) -> None:
    """GB2312 for every sign and printer; no 你, no forbidden phrase (PHR-0); no placeholder lost in translation."""
    zh, en = text(key)
    zh.encode("gb2312")
    assert "你" not in zh
    for forbidden in ("不知道", "不归我管", "下班了", "急什么", "自己看"):
        assert forbidden not in zh
    assert zh
    assert en
    assert set(PLACEHOLDER.findall(zh)) == set(PLACEHOLDER.findall(en))


def test_keys_are_unique_and_stand_in_their_area() -> None:
    """One key, one string, one place to look."""
    keys = every_key()
    assert len(keys) == len(set(keys))


def test_unknown_key_is_an_error() -> None:
    """A misspelt key fails at once instead of showing an empty screen."""
    for key in ("tm.idle.titel", "nowhere.at.all", ""):
        with pytest.raises(KeyError):
            text(key)


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_has_a_sentence(reason: Refusal) -> None:
    """Whatever is refused, the citizen or clerk is told what to do."""
    assert text(f"refusal.{reason.value}").zh


@pytest.mark.parametrize("kind", TaskKind)
def test_every_task_has_a_sentence(kind: TaskKind) -> None:
    """Whatever staff are asked to see to, they are told in a sentence what it is."""
    assert text(f"task.{kind.value}").zh


def test_sign_strings_fit_the_sign() -> None:
    """A counter sign has 16 half-width cells, 8 hanzi; checked with the longest values a hall has."""
    values = {"w": "12", "no": "A2-03", "name": "不动产缴税"}
    for key in every_key():
        if key.startswith("wled."):
            shown = text(key).zh.format(**values)
            assert len(shown.encode("gb2312")) <= 16, (key, shown)


def test_every_key_named_in_the_code_exists() -> None:
    """text("...") with a literal key is checked here instead of in front of a citizen."""
    known = set(every_key())
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[len(ROOT.parts)] in {".venv", "build", "tests"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "text":
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "." in argument.value:
                        assert argument.value in known, f"{path}: {argument.value}"

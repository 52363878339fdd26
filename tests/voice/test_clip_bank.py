"""The clip bank that ships: complete, undamaged, equally loud."""

import io
import json
import math
import sys
import wave
import zipfile
from array import array
from importlib.resources import files
from pathlib import Path

import pytest

from broker.config import load
from firmware.drivers.clip_bank import RATE, ClipBank, ClipError, duration
from sim.halls import config_text
from words import every_key, text

BANK = ClipBank.load()
SHIPPED = files("firmware.drivers").joinpath("clips.zip").read_bytes()


def samples(name: str) -> "array[int]":
    """One clip as numbers."""
    values = array("h", BANK.clips[name])
    if sys.byteorder == "big":
        values.byteswap()
    return values


def test_everything_a_hall_says_is_there() -> None:
    """Letters, digits, tens and hundreds, the words of a call and of the hall, its groups, and every fixed sentence."""
    sentences = {text(key).zh for key in every_key() if key.startswith("voice.") and "{" not in text(key).zh}
    words = {"请", "号", "到", "窗口", "办理", "继续", "再次呼叫", "最后一次呼叫", "杠", "chime"} | {
        "号到",
        "号窗口",
        "号窗口办理",
        "号窗口继续办理",
    }
    words |= {"各位办事群众", "距离下班还有", "分钟", "已取号的请您安心等候", "我们将为您办理完毕", "点", "分"}
    words |= {"现在是午间休息时间", "恢复叫号", "请您保留号票", "现增开", "的办事群众留意叫号"}
    words |= {"非常抱歉", "号窗口暂停服务", "请您稍候"}
    groups = {group.zh for group in load(config_text("demo-hall"), "hall.toml").queue_groups}
    signs = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") | set("零一二三四五六七八九十百")
    assert BANK.names == signs | words | groups | sentences


def test_it_is_small_enough_to_ship() -> None:
    """The bank stays under 3 MB."""
    assert len(SHIPPED) < 3_000_000


@pytest.mark.parametrize("name", sorted(BANK.names))
def test_a_clip_has_a_sensible_length_and_loudness(name: str) -> None:
    """No clip is silent, clipped, or drags: a syllable takes 0.2 to 0.6 s."""
    clip = samples(name)
    rms = math.sqrt(sum(value * value for value in clip) / len(clip)) / 32_768
    seconds = len(clip) / RATE
    assert 0.05 < rms < 0.2
    assert max(map(abs, clip)) < 32_000
    assert abs(clip[0]) < 300
    assert abs(clip[-1]) < 300
    if len(name) == 1:
        assert 0.2 < seconds < 0.6
    else:
        assert 0.1 * len(name) < seconds < max(1.2, 0.42 * len(name))


def test_clips_are_joined_with_silence_between_them() -> None:
    """Two clips with 40 ms between them, nothing before or after."""
    joined = BANK.pcm(("请", "零"), gap=40)
    assert joined == BANK.clips["请"] + bytes(40 * 32) + BANK.clips["零"]
    assert duration(joined) == math.ceil(len(joined) / 32)


def test_a_missing_clip_is_named() -> None:
    """What the bank cannot say is refused with its name."""
    with pytest.raises(ClipError, match="谢谢"):
        BANK.pcm(("请", "谢谢"), gap=0)


def rewritten(path: Path, *, index: dict[str, object] | None = None, clip: bytes | None = None) -> Path:
    """A copy of the shipped bank with another index, or another first clip."""
    with zipfile.ZipFile(io.BytesIO(SHIPPED)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "index.json" and index is not None:
                content = json.dumps(json.loads(content) | index).encode()
            if name == "000.wav" and clip is not None:
                target = io.BytesIO()
                with wave.open(target, "wb") as wav:
                    wav.setparams((1, 2, RATE, 0, "NONE", ""))
                    wav.writeframes(clip)
                content = target.getvalue()
            new.writestr(name, content)
    return path


def test_a_damaged_bank_is_refused_with_advice(tmp_path: Path) -> None:
    """A flipped sample, another rate, a torn file, an index without its clips: never half a voice."""
    with pytest.raises(ClipError, match="'chime' is damaged: build the bank again"):
        ClipBank.load(rewritten(tmp_path / "sample.zip", clip=bytes(3200)))
    with pytest.raises(ClipError, match="has 8000 Hz, 16000 are needed"):
        ClipBank.load(rewritten(tmp_path / "rate.zip", index={"rate": 8000}))
    with pytest.raises(ClipError, match="cannot be read"):
        ClipBank.load(rewritten(tmp_path / "index.zip", index={"clips": {"请": {}}}))
    (tmp_path / "torn.zip").write_bytes(SHIPPED[: len(SHIPPED) // 2])
    with pytest.raises(ClipError, match="cannot be read"):
        ClipBank.load(tmp_path / "torn.zip")


def test_another_bank_may_be_loaded(tmp_path: Path) -> None:
    """A hall with a human voice brings its own file."""
    (tmp_path / "own.zip").write_bytes(SHIPPED)
    assert ClipBank.load(tmp_path / "own.zip") == BANK

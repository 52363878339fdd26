# ruff: noqa: INP001 -- a script, not part of any package
"""Builds the clip bank of the voice: every syllable, letter and fixed sentence as 16 kHz mono PCM in one zip file.

Run ``python deploy/make_clips.py`` after a change below; it needs espeak-ng and sox, the hall does not. A hall that wants a
human voice records the same names as 16 kHz mono wave files, one ``<name>.wav`` each, and packs them with ``--from FOLDER``.

Hanzi are spoken from pinyin: espeak-ng 1.51 misreads the characters themselves. Letters are spoken by the English voice:
the pinyin voice reads them as syllables.
"""

import argparse
import hashlib
import json
import math
import subprocess
import tempfile
import wave
import zipfile
from array import array
from pathlib import Path
from typing import TypeAlias

from words import text

Samples: TypeAlias = "array[int]"

RATE = 16_000
TARGET_RMS = 0.14
"""Of full scale: loud enough for a hall, the same for every clip."""
PEAK = 0.95
SILENCE_BELOW = 0.005
EDGE = RATE * 4 // 1000
"""4 ms of fade at both ends, so that joined clips do not click."""
OUT = Path(__file__).parents[1] / "firmware" / "drivers" / "clips.zip"

SYLLABLES = {
    "请": "qing3",
    "零": "ling2",
    "一": "yi1",
    "二": "er4",
    "三": "san1",
    "四": "si4",
    "五": "wu3",
    "六": "liu4",
    "七": "qi1",
    "八": "ba1",
    "九": "jiu3",
    "十": "shi2",
    "百": "bai3",
    "杠": "gang4",
    "号": "hao4",
    "到": "dao4",
    "窗口": "chuang1 kou3",
    "办理": "ban4 li3",
    "继续": "ji4 xu4",
    "再次呼叫": "zai4 ci4 hu1 jiao4",
    "最后一次呼叫": "zui4 hou4 yi2 ci4 hu1 jiao4",
    # Said in one breath these sound better and take less time than their parts.
    "号到": "hao4 dao4",
    "号窗口": "hao4 chuang1 kou3",
    "号窗口办理": "hao4 chuang1 kou3 ban4 li3",
    "号窗口继续办理": "hao4 chuang1 kou3 ji4 xu4 ban4 li3",
    # The hall's own sentences, cut where a number, a time or a name stands.
    "各位办事群众": "ge4 wei4 ban4 shi4 qun2 zhong4",
    "距离下班还有": "ju4 li2 xia4 ban1 hai2 you3",
    "分钟": "fen1 zhong1",
    "已取号的请您安心等候": "yi3 qu3 hao4 de5 qing3 nin2 an1 xin1 deng3 hou4",
    "我们将为您办理完毕": "wo3 men5 jiang1 wei4 nin2 ban4 li3 wan2 bi4",
    "现在是午间休息时间": "xian4 zai4 shi4 wu3 jian1 xiu1 xi5 shi2 jian1",
    "恢复叫号": "hui1 fu4 jiao4 hao4",
    "请您保留号票": "qing3 nin2 bao3 liu2 hao4 piao4",
    "现增开": "xian4 zeng1 kai1",
    "的办事群众留意叫号": "de5 ban4 shi4 qun2 zhong4 liu2 yi4 jiao4 hao4",
    "非常抱歉": "fei1 chang2 bao4 qian4",
    "号窗口暂停服务": "hao4 chuang1 kou3 zan4 ting2 fu2 wu4",
    "请您稍候": "qing3 nin2 shao1 hou4",
    "点": "dian3",
    "分": "fen1",
}
GROUPS = {
    "企业开办与许可": "qi3 ye4 kai1 ban4 yu3 xu3 ke3",
    "社会事务": "she4 hui4 shi4 wu4",
    "社保医保": "she4 bao3 yi1 bao3",
    "不动产登记": "bu2 dong4 chan3 deng1 ji4",
    "公安户政": "gong1 an1 hu4 zheng4",
    "工程建设": "gong1 cheng2 jian4 she4",
    "结果领取": "jie2 guo3 ling3 qu3",
    "综合咨询": "zong1 he2 zi1 xun2",
}
"""Queue groups by name. A group that is not here is called by the letter of its numbers; add it and build the bank again."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SENTENCES = {
    "voice.open": "ge4 wei4 ban4 shi4 qun2 zhong4, nin2 hao3, xian4 zai4 kai1 shi3 ban4 li3 ye4 wu4",
    "voice.close": "jin1 ri4 fu2 wu4 yi3 jie2 shu4, gan3 xie4 nin2 de5 guang1 lin2, qing3 nin2 man4 zou3",
    "voice.emergency": "qing3 ting1 cong2 gong1 zuo4 ren2 yuan2 zhi3 hui1, you3 xu4 li2 kai1 da4 ting1",
    "voice.pad": "qing3 nin2 dui4 ben3 ci4 fu2 wu4 jin4 xing2 ping2 jia4",
    "voice.pad.thanks": "gan3 xie4 nin2 de5 ping2 jia4",
    "voice.tm.welcome": "nin2 hao3, qing3 xuan3 ze2 nin2 yao4 ban4 li3 de5 ye4 wu4",
    "voice.tm.take": "qing3 qu3 zou3 nin2 de5 hao4 piao4",
    "voice.clk.ok": "da3 ka3 cheng2 gong1",
    "voice.clk.fail": "da3 ka3 wei4 cheng2 gong1, qing3 nin2 chong2 shi4",
}


def main() -> None:
    """Build the bank and say what is in it."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--from", dest="folder", type=Path, help="recorded wave files instead of espeak-ng")
    options.add_argument("--out", type=Path, default=OUT)
    chosen = options.parse_args()
    clips = {"chime": chime()}
    for name, (voice, words, speed) in what_to_say().items():
        spoken = recorded(chosen.folder / f"{name}.wav") if chosen.folder else synthesised(voice, words, speed)
        clips[name] = levelled(trimmed(spoken))
    pack(clips, chosen.out)
    seconds = sum(len(clip) for clip in clips.values()) / RATE
    print(f"{chosen.out}: {len(clips)} clips, {seconds:.1f} s, {chosen.out.stat().st_size // 1024} KiB")  # noqa: T201 -- a tool


def what_to_say() -> dict[str, tuple[str, str, int]]:
    """Name of each clip, with its voice, what that voice is given, and words a minute."""
    syllables = {name: ("cmn-latn-pinyin", pinyin, 170) for name, pinyin in (SYLLABLES | GROUPS).items()}
    letters = {letter: ("en-us", letter, 165) for letter in LETTERS}
    sentences = {text(key).zh: ("cmn-latn-pinyin", pinyin, 160) for key, pinyin in SENTENCES.items()}
    return syllables | letters | sentences


def synthesised(voice: str, words: str, speed: int) -> Samples:
    """What espeak-ng says, at 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        spoken, resampled = Path(folder, "spoken.wav"), Path(folder, "resampled.wav")
        run("espeak-ng", "-v", voice, "-s", str(speed), "-w", str(spoken), words)
        run("sox", "-D", "-v", "0.7", str(spoken), "-r", str(RATE), "-c", "1", "-b", "16", str(resampled))
        return recorded(resampled)


def run(*command: str) -> None:
    """Run one tool; its failure is ours."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- fixed programs, our own words


def recorded(path: Path) -> Samples:
    """The samples of a wave file, which must be 16 kHz mono of 16 bits."""
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
            raise SystemExit(f"{path}: expected {RATE} Hz, mono, 16 bits")
        return array("h", file.readframes(file.getnframes()))


def chime() -> Samples:
    """Two falling notes, a major third apart."""
    length = int(RATE * 0.85)
    samples = array("h", bytes(2 * length))
    for start, pitch in ((0.0, 659.26), (0.3, 523.25)):
        for index in range(int(start * RATE), length):
            at = index / RATE - start
            sound = math.exp(-4.5 * at) * (math.sin(2 * math.pi * pitch * at) + 0.25 * math.sin(4 * math.pi * pitch * at))
            samples[index] += int(9_000 * sound * min(1, at / 0.004))
    return faded(samples)


def trimmed(samples: Samples) -> Samples:
    """Without the silence at both ends."""
    loud = [index for index, sample in enumerate(samples) if abs(sample) > SILENCE_BELOW * 32_768]
    if not loud:
        raise SystemExit("a clip is silent")
    return samples[max(0, loud[0] - EDGE) : loud[-1] + EDGE]


def levelled(samples: Samples) -> Samples:
    """All clips equally loud, none clipped."""
    rms = math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32_768
    peak = max(abs(sample) for sample in samples) / 32_768
    gain = min(TARGET_RMS / rms, PEAK / peak)
    return faded(array("h", (round(sample * gain) for sample in samples)))


def faded(samples: Samples) -> Samples:
    """With both ends brought to silence."""
    for index in range(min(EDGE, len(samples) // 2)):
        samples[index] = samples[index] * index // EDGE
        samples[-1 - index] = samples[-1 - index] * index // EDGE
    return samples


def pack(clips: dict[str, Samples], out: Path) -> None:
    """One zip: ``index.json`` and a wave file a clip. The same clips give the same bytes."""
    index = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bank:
        for number, (name, samples) in enumerate(clips.items()):
            file = f"{number:03}.wav"
            pcm = samples.tobytes()
            index[name] = {"file": file, "ms": len(samples) * 1000 // RATE, "sha256": hashlib.sha256(pcm).hexdigest()}
            with bank.open(entry(file), "w") as target, wave.open(target, "wb") as wav:
                wav.setparams((1, 2, RATE, len(samples), "NONE", ""))
                wav.writeframes(pcm)
        bank.writestr(entry("index.json"), json.dumps({"rate": RATE, "clips": index}, ensure_ascii=False, indent=1))


def entry(name: str) -> zipfile.ZipInfo:
    """A zip entry without today's date in it."""
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


if __name__ == "__main__":
    main()

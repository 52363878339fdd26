"""Every claim, on several processors, and one table of what came of them."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from sim.science.cases import CLAIMS, SEEDS_FROM, VISITORS, Claim
from sim.science.line import Stretch, live
from sim.science.theory import first_come
from sim.science.verdict import Verdict, judge


def work(claims: Sequence[Claim] = CLAIMS) -> list[tuple[int, int]]:
    """Which stretch of which claim, all of a claim's together."""
    return [(place, SEEDS_FROM + n) for place, claim in enumerate(claims) for n in range(claim.stretches)]


def run(
    claims: Sequence[Claim] = CLAIMS,
    visitors: int = VISITORS,
    jobs: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> tuple[list[Verdict], float]:
    """Live through every stretch of the plan; the verdicts, and visitors a second and processor."""
    found: dict[tuple[int, int], Stretch] = {}
    seconds = 0.0
    plan = [(place, seed, claims[place], visitors) for place, seed in work(claims)]
    if jobs <= 1:
        for one in plan:
            place, seed, stretch, took = _one(one)
            found[place, seed] = stretch
            seconds += took
            progress()
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for future in as_completed([pool.submit(_one, one) for one in plan]):
                place, seed, stretch, took = future.result()
                found[place, seed] = stretch
                seconds += took
                progress()
    verdicts = [
        judge(claim.case, [found[place, seed] for at, seed in work(claims) if at == place], claim.waits)
        for place, claim in enumerate(claims)
    ]
    return verdicts, visitors * len(plan) / max(seconds, 1e-9)


def _one(task: tuple[int, int, Claim, int]) -> tuple[int, int, Stretch, float]:
    place, seed, claim, visitors = task
    begun = os.times()
    stretch = live(claim.case, seed, visitors, told=claim.told)
    ended = os.times()
    return place, seed, stretch, ended.user - begun.user


def table(claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What ``build/science/call-order.json`` says."""
    return {claim.name: _row(claim, verdict) for claim, verdict in zip(claims, verdicts, strict=True)}


def is_as_claimed(claim: Claim, verdict: Verdict) -> bool:
    """Nothing to complain of; or, for a planted mistake, that it was found by the waits."""
    return not verdict.complaints if claim.holds else verdict.is_rejected


def _row(claim: Claim, verdict: Verdict) -> dict[str, Any]:
    return {
        "as_claimed": is_as_claimed(claim, verdict),
        "complaints": list(verdict.complaints),
        "stretches": verdict.stretches,
        "visitors": verdict.visitors,
        "servers": claim.case.servers,
        "load": claim.case.load,
        "fifo": first_come(claim.case),
        "classes": [
            {
                "rate": kind.rate,
                "speed": kind.speed,
                "head_start": kind.head_start,
                "claimed": None if claim.waits is None else claim.waits[place],
                "mean": one.mean,
                "half_width": one.half_width,
                "t": verdict.ts[place] if verdict.ts else None,
                "raw_mean": one.raw,
                "p95": verdict.p95[place],
            }
            for place, (kind, one) in enumerate(zip(claim.case.kinds, verdict.measured, strict=True))
        ],
        "conservation": {"on_the_same_visitors": verdict.leak, "of_the_means": verdict.leak_of_means},
    }

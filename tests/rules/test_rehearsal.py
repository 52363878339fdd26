"""``hall-broker rehearse queue``: trying a policy, and being told what is wrong with a file (issue 2, item 10)."""

import json
from typing import Any

import pytest

from broker.rehearse import RehearsalError, rehearse_queue

CARE_AFTER_NORMAL: dict[str, Any] = {
    "name": "lunch",
    "tickets": [{"no": "A001", "issued": "09:00"}, {"no": "A002", "class": "care", "issued": "09:20"}],
    "calls": ["09:30", "09:31", "09:32"],
}


def case_of(case: dict[str, Any], **file: Any) -> dict[str, Any]:
    """The result of one case."""
    results: list[dict[str, Any]] = rehearse_queue({"cases": [case], **file})["cases"]
    return results[0]


def test_result_has_a_reason_for_every_call_and_null_when_nobody_waits() -> None:
    """The shape a hall's own tools read: plain JSON."""
    result = case_of(CARE_AFTER_NORMAL)
    assert result["called"] == ["A002", "A001", None]
    assert result["reasons"] == [
        "care, 50.0 points; next A001 normal, 30.0 points",
        "normal, 31.0 points; no other line",
        "nobody waiting",
    ]
    assert json.loads(json.dumps(result)) == result


def test_policy_overrides_single_numbers() -> None:
    """One number of one class; the rest stays the rule book's."""
    policy = {"classes": {"care": {"head_start_min": 0}}}
    assert case_of(CARE_AFTER_NORMAL, policy=policy)["called"] == ["A001", "A002", None]
    policy = {"classes": {"care": {"speed": 100}, "normal": {"speed": 300}}}
    assert case_of(CARE_AFTER_NORMAL, policy=policy)["called"][0] == "A001"


def test_reserve_turns_the_order() -> None:
    """A counter that keeps care at a fifth calls the normal ticket first."""
    assert case_of({**CARE_AFTER_NORMAL, "reserve": {"care": 20}})["called"][0] == "A001"


def test_whoever_has_not_come_yet_is_not_called() -> None:
    """A ticket waits from its issue on, to the second."""
    case = {"name": "early", "tickets": [{"no": "A001", "issued": "09:00:30"}], "calls": ["09:00:29", "09:00:30"]}
    assert case_of(case)["called"] == [None, "A001"]


def test_urgent_comes_before_any_points() -> None:
    """The tier decides; the reason says so."""
    tickets = [{"no": "A001", "issued": "00:00"}, {"no": "A002", "class": "urgent", "issued": "23:58"}]
    policy = {"classes": {"urgent": {"head_start_min": 0, "speed": 1}}}
    result = case_of({"name": "urgent", "tickets": tickets, "calls": ["23:59"]}, policy=policy)
    assert result["called"] == ["A002"]
    assert result["reasons"][0].startswith("urgent: normal, 1.0 points; next A001 normal, 1439.0 points")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"tickets": [{"no": "A001", "issued": "9:00"}]}, "$.tickets[0].issued"),
        ({"tickets": [{"no": "A001", "issued": "09:00", "class": "vip"}]}, "'vip'"),
        ({"tickets": [{"no": "A001", "issued": "09:00", "klass": "care"}]}, "klass"),
        ({"tickets": [{"issued": "09:00"}]}, "no"),
        ({"tickets": [{"no": "A001", "issued": "09:00"}] * 2}, "A001 is listed twice"),
        ({"calls": ["09:31", "09:30"]}, "09:30 comes after a later one"),
        ({"calls": "09:30"}, "$.calls"),
        ({"reserve": {"normal": -1}}, "$.reserve"),
        ({"reserve": {"everybody": 20}}, "everybody"),
        ({"name": 7}, "$.name"),
    ],
)
def test_bad_case_says_what_is_wrong_and_the_others_are_computed(wrong: dict[str, Any], says: str) -> None:
    """An error names its case and its place; a typo in one costs nothing of the rest."""
    results = rehearse_queue({"cases": [{**CARE_AFTER_NORMAL, **wrong}, CARE_AFTER_NORMAL]})["cases"]
    assert set(results[0]) == {"name", "error"}
    assert says in results[0]["error"]
    assert results[1]["called"] == ["A002", "A001", None]


def test_case_without_a_name_is_named_by_its_place() -> None:
    """So that the error can be found."""
    assert rehearse_queue({"cases": [7]})["cases"][0]["name"] == "case 1"


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ({}, "cases"),
        ({"cases": {}}, "cases"),
        ({"cases": [], "polcy": {}}, "polcy"),
        ({"cases": [], "policy": {"classes": {"care": {"speed": 0}}}}, "speed"),
        ({"cases": [], "policy": {"classes": {"care": {"head_start_min": -1}}}}, "head_start_min"),
        ({"cases": [], "policy": {"classes": {"vip": {}}}}, "vip"),
    ],
)
def test_file_that_is_no_rehearsal_is_refused_as_a_whole(file: dict[str, Any], says: str) -> None:
    """With no cases to compute, or a policy for all of them that makes no sense."""
    with pytest.raises(RehearsalError, match=says):
        rehearse_queue(file)

"""hall.toml: what ships is complete, and what is wrong is refused with file, section, key and what would be accepted."""

from datetime import date
from pathlib import Path

import pytest

from broker.config import ConfigError, HallConfig, config_hash, load, read, read_text
from broker.rules.plan import plan_from
from sim.rules_day import hall_text

SMALL = hall_text("demo-small")
LAST = "presumed_printed_after_s = 20"
"""The last line of the file, where a test can add sections."""


def refused(text: str) -> ConfigError:
    """Why this configuration is refused."""
    with pytest.raises(ConfigError) as caught:
        load(text, "hall.toml")
    return caught.value


@pytest.mark.parametrize("name", ["demo-hall", "demo-small"])
def test_halls_that_ship_are_complete(name: str) -> None:
    """Both load, and what the service adopts from the text is what was checked."""
    text = hall_text(name)
    config = load(text, f"{name}.toml")
    assert plan_from(text, config_hash(text)).config == config


def test_small_hall_has_what_the_demo_needs() -> None:
    """Three counters with terminal, pad and sign each on one bus; one machine, one clock, one ops node."""
    config = load(SMALL, "demo-small.toml")
    kinds = [one.kind for one in config.devices]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "ticket_machine": 1,
        "main_display": 1,
        "window_led": 3,
        "speaker": 1,
        "counter_terminal": 3,
        "rating_pad": 3,
        "attendance_clock": 1,
        "ops": 1,
    }


def test_defaults_are_the_rule_books() -> None:
    """A hall that sets no parameter gets the numbers of the demo hall, which are the rule book's."""
    demo = load(hall_text("demo-hall"), "demo-hall.toml").params
    bare = load(SMALL[: SMALL.index("[params.queue]")], "bare.toml").params
    assert bare.queue == demo.queue
    assert bare.appointment == demo.appointment
    assert bare.rating == demo.rating
    assert bare.rongque == demo.rongque
    assert bare.retention_days == demo.retention_days
    assert demo.attendance.first_day == date(2026, 1, 1)


# --- What single keys refuse ----------------------------------------------------------------------------------------------


def test_unknown_key_is_refused_with_a_suggestion() -> None:
    """The clerk who typed recal_gap_s learns the right word."""
    error = refused(SMALL.replace("recall_gap_s", "recal_gap_s"))
    assert (error.section, error.key) == ("params.queue", "recal_gap_s")
    assert "did you mean recall_gap_s?" in str(error)
    assert "hall.toml" in str(error)


def test_unknown_class_is_refused_with_a_suggestion() -> None:
    """Also inside a counter's reserve."""
    error = refused(SMALL.replace("reserve = { normal = 20", "reserve = { norml = 20"))
    assert (error.section, error.key) == ("counters[0].reserve", "norml")
    assert "did you mean normal?" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "section", "key"),
    [
        ("recall_gap_s = 4", "recall_gap_s = 0", "params.queue", "recall_gap_s"),
        ("recall_gap_s = 4", 'recall_gap_s = "4"', "params.queue", "recall_gap_s"),
        (
            LAST,
            "classes.care = { head_start_min = 30, speed = 0 }",
            "params.queue.classes.care",
            "speed",
        ),
        (LAST, "classes.normal = { head_start_min = 0, speed = -100 }", "params.queue.classes.normal", "speed"),
        ('groups = ["A"], post', 'seats = 3, groups = ["A"], post', "counters[1]", "seats"),
        (
            LAST,
            "classes.care = { head_start_min = -1, speed = 200 }",
            "params.queue.classes.care",
            "head_start_min",
        ),
        ('timezone = "Asia/Shanghai"', 'timezone = "Europe/Berlin"', "hall", "timezone"),
        ('kind = "special"', 'kind = "speciall"', "counters[0]", "kind"),
        ('start = "09:00"', 'start = "9:00"', "schedules[0].halves[0]", "start"),
        ('card = "04A1000001"', 'card = "04a1000001"', "staff[0]", "card"),
        ('id = "W01"', 'id = "1"', "counters[0]", "id"),
        ("reserve = { normal = 20", "reserve = { normal = 0", "counters[0].reserve", "normal"),
        ("weekend = [6, 7]", "weekend = [0, 7]", "calendar", "weekend"),
        ('hotline = "0000-12345678"\n', "", "hall", "hotline"),
    ],
)
def test_value_that_is_not_accepted_is_refused_at_its_place(old: str, new: str, section: str, key: str) -> None:
    """Each with section and key, and in words what is accepted."""
    assert old in SMALL
    error = refused(SMALL.replace(old, new, 1))
    assert (error.section, error.key) == (section, key)
    assert "accept" in str(error)


def test_broken_toml_is_refused_with_its_line() -> None:
    """A missing bracket."""
    assert "line" in str(refused(SMALL.replace("[hall]", "[hall")))


@pytest.mark.parametrize("key", ["daily_cap", "max_tickets", "quota", "ticket_limit", "max_tickets_per_day"])
def test_there_is_no_limit_on_the_tickets_of_a_day(key: str) -> None:
    """EXT-3.2: a quota by any name is refused with the rule, wherever it stands."""
    error = refused(SMALL.replace("recall_gap_s = 4", f"{key} = 300"))
    assert (error.section, error.key) == ("params.queue", key)
    assert "EXT-3.2" in str(error)
    assert "EXT-3.2" in str(refused(SMALL.replace("low_counter = true", f"{key} = 300")))


def test_there_are_no_fees() -> None:
    """EXT-5, APPT-8: nothing has a price."""
    error = refused(SMALL.replace('src = "law", avg_min = 20', 'src = "law", fee = 5, avg_min = 20'))
    assert (error.section, error.key) == ("services[0]", "fee")
    assert "free of charge" in str(error)


# --- What only the whole file can say -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "section", "key", "says"),
    [
        ('hotline = "0000-12345678"', 'hotline = " "', "hall", "hotline", "PROM-6"),
        (LAST, "[params.rating]\nmin_prompt_s = 90", "params.rating", "min_prompt_s", "EVAL-6.1"),
        ('start = "13:30"', 'start = "11:30"', "schedules[0]", "halves", "overlap"),
        ('end = "12:00"', 'end = "08:00"', "schedules[0]", "halves", "not after"),
        ('id = "PM"', 'id = "AM"', "schedules[0]", "halves", "AM and then PM"),
        ('to = "12-31"', 'to = "11-30"', "schedules", "valid", "12-01"),
        ("to = 2026-01-03", "to = 2025-12-31", "calendar.holidays[0]", "to", "before"),
        ("workdays = [2026-01-04", "workdays = [2026-01-03", "calendar", "adjusted_workdays", "2026-01-03"),
        ('{ id = "B", zh', '{ id = "A", zh', "queue_groups[1]", "id", "already stands in queue_groups[0]"),
        ('card = "04A1000002"', 'card = "04A1000001"', "staff[1]", "card", "staff[0]"),
        ("address = 2", "address = 1", "devices[3]", "address", "devices[2]"),
        ('terminal", counter = "W02"', 'terminal", counter = "W01"', "devices[7]", "counter", "devices[6]"),
        ('group = "B"', 'group = "C"', "services[2]", "group", "known are A, B"),
        ('dept = "DSJ", zh = "公司', 'dept = "XXX", zh = "公司', "services[0]", "dept", "XXX"),
        ('skills = ["SV01", "SV02"] }', 'skills = ["SV01", "SV02", "SV99"] }', "staff[5]", "skills", "SV99"),
        ('post = "P01"', 'post = "P09"', "counters[0]", "post", "P09"),
        ('groups = ["A"], post', 'groups = ["A", "Q"], post', "counters[1]", "groups", "Q"),
        ('chief = "S101"', 'chief = "S999"', "departments[0]", "chief", "S999"),
        ("statutory = 3, promised = 0", "statutory = 3, promised = 4", "services[0]", "promised", "TIME-5"),
        ('groups = ["A", "B"]', 'groups = ["A"]', "queue_groups[1]", "id", "no counter serves"),
        ('led_zh = "爱心绿色"', 'led_zh = "爱心镕"', "counters[0]", "led_zh", "GB2312"),
        ('post = "P03"', 'post = "P02"', "posts[2]", "counter", "not P03"),
        ('a = "S102", b = "S101"', 'a = "S102", b = "S102"', "posts[1]", "b", "AB-1"),
        ('a = "S101", b = "S103", services', 'a = "S101", b = "S102", services', "posts[0]", "b", "AB-3.2"),
        ('a = "S103", b = "S101"', 'a = "S103", b = "S101", ab_exempt = true', "posts[2]", "ab_exempt_reason", "AB-3.1"),
        ("ordinal = 1, ", "", "devices[0]", "ordinal", "ticket_machine needs it"),
        ('kind = "ops"', 'kind = "ops", ordinal = 2', "devices[13]", "ordinal", "only a ticket_machine"),
        (
            'counter = "W01", driven_by = "LED-00"',
            'counter = "W01", driven_by = "TM-01"',
            "devices[2]",
            "driven_by",
            "LED-00",
        ),
        ('approved_by = "S001" }', 'approved_by = "S101" }', "green_projects[0]", "approved_by", "GREEN-2"),
        ('case_manager = "S004"', 'case_manager = "S404"', "green_projects[0]", "case_manager", "S404"),
    ],
)
def test_hall_that_contradicts_itself_is_refused(old: str, new: str, section: str, key: str, says: str) -> None:
    """References, duplicates and the rules that span sections, each at the place to repair."""
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    if says == "no counter serves":
        text = text.replace('groups = ["B"], post', 'groups = ["A"], post')
    error = refused(text)
    assert (error.section, error.key) == (section, key), str(error)
    assert says in str(error)


def test_service_nobody_can_do_is_refused() -> None:
    """Its tickets would wait for ever."""
    text = SMALL.replace('"SV01", "SV02", "SV07"', '"SV01", "SV02"').replace(', services = ["SV07"]', ", services = []")
    error = refused(text)
    assert (error.section, error.key) == ("services[2]", "id")


def test_main_or_back_up_person_must_be_onboarded() -> None:
    """AB-3.2: S118 has the skills, but pre-job training is not complete."""
    text = SMALL.replace("onboarded = false", 'skills = ["SV01", "SV02"], onboarded = false')
    error = refused(text.replace('a = "S102", b = "S101"', 'a = "S102", b = "S118"'))
    assert (error.section, error.key) == ("posts[1]", "b")
    assert "not onboarded" in str(error)


def test_mutual_back_up_has_a_counter_of_their_own() -> None:
    """AB-4.6: without one there is nothing to merge from."""
    text = hall_text("demo-hall")
    old = next(line for line in text.splitlines() if '"P01", counter' in line)
    error = refused(text.replace(old, old.replace("services", "mutual = true, services")))
    assert (error.section, error.key) == ("posts[0]", "mutual")
    assert "S104" in str(error)


def test_counter_does_not_borrow_anothers_post() -> None:
    """A post is scheduled at one counter."""
    text = hall_text("demo-hall")
    old = next(line for line in text.splitlines() if 'id = "W12"' in line)
    two = old.replace('"W12"', '"W13"').replace("P12", "P11")
    error = refused(text.replace(old, f"{old}\n{two}"))
    assert (error.section, error.key) == ("counters[12]", "post")
    assert "W11" in str(error)


def test_group_without_a_service_is_refused() -> None:
    """Nobody could be qualified for it."""
    text = SMALL.replace("queue_groups = [", 'queue_groups = [\n{ id = "C", zh = "丙", zone = "丙区", en = "C" },')
    text = text.replace('groups = ["A"], post', 'groups = ["A", "C"], post')
    assert "has no service" in str(refused(text))


def test_back_up_who_loses_a_skill_makes_the_post_invalid() -> None:
    """AB-3.2 acceptance: remove SV03 from S102 and P02 is refused."""
    text = hall_text("demo-hall")
    old = 'card = "04A1000102", skills = ["SV01", "SV02", "SV03",'
    assert old in text
    error = refused(text.replace(old, old.replace(' "SV03",', "")))
    assert "P02" in str(error) or "P03" in str(error)
    assert "SV03" in str(error)


# --- Reading -------------------------------------------------------------------------------------------------------------


def test_file_is_read_whatever_its_line_ends(tmp_path: Path) -> None:
    """An editor on another system changes neither the hall nor the hash of its text."""
    file = tmp_path / "hall.toml"
    file.write_bytes(SMALL.replace("\n", "\r\n").encode())
    assert read_text(file) == SMALL
    assert isinstance(read(file), HallConfig)


@pytest.mark.parametrize(("content", "says"), [(b"\xff\xfe", "UTF-8"), (None, "cannot be read")])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    """The error names the file and the trouble."""
    file = tmp_path / "hall.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=says) as caught:
        read(file)
    assert caught.value.path == file

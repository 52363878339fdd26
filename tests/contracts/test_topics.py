"""The topic table: complete, without overlaps, and the same as what the spelling functions say."""

from collections.abc import Callable
from itertools import combinations

from contracts import messages
from contracts.messages import Answer, Kept, Message, Perishable, Request, Settings, Versioned
from contracts.topics import ROOT, ROWS, TABLE, Topics, Way
from contracts.values import CounterId, GroupId, HallId, NodeName

BASES = {Message, Request, Perishable, Kept, Answer, Versioned, Settings}
TOPICS = Topics(HallId("yongan"))


def matches(topic_filter: str, topic: str) -> bool:
    """MQTT's rule for filters."""
    wanted, given = topic_filter.split("/"), topic.split("/")
    if wanted[-1] == "#":
        return given[: len(wanted) - 1] == wanted[:-1]
    return len(wanted) == len(given) and all(want in ("+", have) for want, have in zip(wanted, given, strict=True))


def test_every_message_has_exactly_one_row() -> None:
    """Nothing can be said that the table does not know."""
    kinds = {kind for kind in vars(messages).values() if isinstance(kind, type) and issubclass(kind, Message)} - BASES
    assert kinds == set(ROWS)
    assert len(ROWS) == len(TABLE)


def test_spelling_functions_agree_with_the_table() -> None:
    """A topic spelled in code is the topic in the documents."""
    node, counter, group = NodeName("TM-01"), CounterId("W02"), GroupId("A")
    spelled: dict[Way, Callable[[type[Message]], str]] = {
        Way.UP: lambda kind: TOPICS.up(node, kind),
        Way.DOWN: lambda kind: TOPICS.settings(node) if issubclass(kind, Settings) else TOPICS.down(node, kind),
        Way.BIRTH: lambda _: TOPICS.node_state(node),
        Way.DESK: lambda _: TOPICS.desk(counter),
        Way.STAFF: lambda _: TOPICS.task_board,
        Way.PUBLIC: lambda kind: {
            messages.CounterBoard: TOPICS.counter_board(counter),
            messages.QueueBoard: TOPICS.queue_board(group),
            messages.HallBoard: TOPICS.hall_board,
            messages.NoticeBoard: TOPICS.notice_board,
            messages.ServiceState: TOPICS.service_state,
        }[kind],
    }
    for row in TABLE:
        filled = row.topic.format(node=node, counter=counter, group=group)
        assert spelled[row.way](row.message) == f"{ROOT}/yongan/{filled}"


def test_no_two_filters_of_one_subscriber_overlap() -> None:
    """Overlapping subscriptions would deliver a message twice."""
    node = NodeName("TM-01")
    topics = [f"{ROOT}/yongan/" + row.topic.format(node=node, counter="W02", group="A") for row in TABLE]
    service = [TOPICS.all_up(), TOPICS.all_node_states()]
    display = [
        TOPICS.all_down(node),
        TOPICS.settings(node),
        TOPICS.service_state,
        TOPICS.all_boards(),
        TOPICS.desk(CounterId("W02")),
    ]
    for filters in (service, display):
        for one, other in combinations(filters, 2):
            assert not any(matches(one, topic) and matches(other, topic) for topic in topics)


def test_public_state_names_no_class_and_no_person_but_staff() -> None:
    """A topic that a public screen reads holds numbers only (principle 4): no class, no card, no project, no visitor."""
    allowed = {
        "epoch", "fact", "counter", "phase", "ticket", "call", "announcement", "announced_at", "last", "staff", "staff_name",
        "go_to", "group", "waiting", "next_at", "text", "valid_to", "boot", "hall_now", "online", "trouble",
        "extended", "acting", "continued", "wait_low", "wait_high", "emergency", "near_close_at", "noon_service", "added",
        "since", "server", "server_name", "server_for",
    }  # fmt: skip
    for row in TABLE:
        if row.way is Way.PUBLIC:
            assert set(row.message.__struct_fields__) <= allowed, row.message


def test_what_nobody_can_repeat_never_expires() -> None:
    """Journalled requests carry no expiry, repeatable ones do (design rule 5)."""
    for row in TABLE:
        if issubclass(row.message, Kept):
            assert "expires_at" not in row.message.__struct_fields__
        if issubclass(row.message, Perishable):
            assert "expires_at" in row.message.__struct_fields__

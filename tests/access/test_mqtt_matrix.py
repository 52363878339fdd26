"""Who may say and hear what, tried on a real mosquitto: every role on every topic, by every way there is.

With an ``acl_file`` mosquitto grants every subscription and then delivers nothing, so only deliveries count here. What is
right stands in ``SAYS`` and ``HEARS``, written by hand; the topics come from the table, so that nothing new escapes.
"""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from contracts.topics import TABLE
from contracts.values import HallId
from sim.guarded_mqtt import WITNESS, GuardedMosquitto
from sim.raw_mqtt import REFUSED, Heard, RawClient, Will
from sim.service_bench import SMALL

pytestmark = pytest.mark.mosquitto

ROOT = "hall/v1/yongan-small"
NODES = ("TM-01", "LED-00", "TRM-W01", "TRM-W02", "PAD-W01", "PAD-W02", "CLK-01", "OPS-01")
ROLES = ("service", "monitor", *NODES)

# --- What is right, written by hand ---------------------------------------------------------------------------------------

KIOSK = (
    "TicketRequested TicketPrinted TicketUnprinted OfflineTicketTaken OfflineTicketPrinted OfflineTicketUnprinted "
    "ReactivateRequested CheckInRequested HelpRequested HealthReported"
)
TERMINAL = (
    "LoginRequested CallNextRequested RecallRequested StartRequested FinishRequested NoShowRequested PauseRequested "
    "ResumeRequested HoldRequested HeldResumeRequested TransferRequested LeadRequested LeadAcceptRequested LeadEndRequested "
    "CareCheckRequested ExtensionRefusalRequested CoverRequested CoverEndRequested HelpRequested HealthReported "
    "HandoverRequested HandoverPhoneRequested HandoverAckRequested HandoverShowRequested HandoverReturnRequested "
    "HandoverConfirmRequested"
)
STAFF = (
    "TicketEntryRequested TicketCancelRequested ReprintRequested ReactivateRequested ClassChangeRequested "
    "AppointmentRequested AppointmentConfirmRequested AppointmentChangeRequested AppointmentCancelRequested "
    "AppointmentContactRecorded CheckInRequested ContactOpenRequested TaskAckRequested TaskCloseRequested HelpRequested "
    "EmergencyRequested EmergencyEndRequested NoonServiceRequested ClosingPlanRequested CounterAddRequested "
    "CounterGroupsRequested ExtensionAssignRequested AbsenceEntryRequested TrainingPlanRequested "
    "TrainingInviteRequested TrainingCancelRequested TrainingAssessRequested TrainingCloseRequested "
    "RegulariseRequested RegulariseDecisionRequested PunchSheetRequested PunchVoidRequested PunchTimeRequested "
    "HalfDecisionRequested "
    "ProxyReportRequested ProxySignRequested ProxyCountersignRequested ProxyDismissRequested "
    "CardLostRequested PinRequested LoginVouchRequested HealthReported "
    "HandoverRequested HandoverPhoneRequested HandoverAckRequested HandoverShowRequested HandoverReturnRequested "
    "HandoverConfirmRequested SubstituteRequested "
    "OutingRequested OutingApproveRequested OutingRejectRequested OutingExtendRequested OutingWithdrawRequested "
    "OutingReturnRequested RotationRequested "
    "RotationDecisionRequested RotationShowRequested RotationCloseRequested "
    "InquiryRequested InquiryLinkRequested ProjectOpenRequested "
    "LeaveSubmitRequested LeaveRenewRequested LeaveApproveRequested LeaveRejectRequested LeaveWithdrawRequested "
    "LeaveReturnRequested LeavePaperRequested LeaveImportRequested LeaveReasonRequested"
)
SAYS_UP = {
    "TM-01": KIOSK,
    "LED-00": "HealthReported",
    "TRM-W01": TERMINAL,
    "TRM-W02": TERMINAL,
    "PAD-W01": "RatingSubmitted HealthReported",
    "PAD-W02": "RatingSubmitted HealthReported",
    "CLK-01": "PunchMade HealthReported",
    "OPS-01": STAFF,
}
ANSWERS = (
    "RequestDone RequestRefused TicketIssued RatingRecorded RatingRefused PunchStored AppointmentMade ContactOpened "
    "HandoverTold RotationShown ProjectOpened LeaveReasonShown"
)
BOARDS = "board/counter/W01 board/counter/W02 board/queue/A board/queue/B board/hall board/notice"
DESKS = {"TRM-W01": "desk/W01", "PAD-W01": "desk/W01", "TRM-W02": "desk/W02", "PAD-W02": "desk/W02"}
SEES_BOARDS = {"TM-01": "board/hall", "LED-00": BOARDS, "monitor": BOARDS, "OPS-01": "staff/tasks"}
SEES_BOARDS |= {"PAD-W01": "board/hall", "PAD-W02": "board/hall"}
STRANGER = "TM-09"
"""A node the hall does not declare. It has no account; the service may hear of it and answer it all the same."""


def says(role: str) -> set[str]:
    """Every topic on which this role may be heard."""
    if role == "service":
        downs = [f"node/{node}/down/{name}" for node in (*NODES, STRANGER) for name in ANSWERS.split()]
        settings = [f"node/{node}/settings" for node in (*NODES, STRANGER)]
        states = [*BOARDS.split(), "desk/W01", "desk/W02", "staff/tasks", "service/state"]
        return {f"{ROOT}/{one}" for one in [*downs, *settings, *states]}
    if role == "monitor":
        return set()
    return {f"{ROOT}/node/{role}/{one}" for one in ["state", *(f"up/{name}" for name in SAYS_UP[role].split())]}


def hears(role: str) -> set[str]:
    """Every topic that may be delivered to this role."""
    everyone = [*NODES, STRANGER]
    if role == "service":
        ups = [f"node/{node}/up/{name}" for node in everyone for name in " ".join(SAYS_UP.values()).split()]
        return {f"{ROOT}/{one}" for one in [*ups, *(f"node/{node}/state" for node in everyone)]}
    own = [f"node/{role}/down/{name}" for name in ANSWERS.split()] + [f"node/{role}/settings"] if role in NODES else []
    if role == "monitor":
        own = [f"node/{node}/{one}" for node in everyone for one in ("state", "up/HealthReported")]
    return {
        f"{ROOT}/{one}" for one in [*own, *SEES_BOARDS.get(role, "").split(), *DESKS.get(role, "").split(), "service/state"]
    }


# --- Every topic --------------------------------------------------------------------------------------------------------


def topics() -> list[str]:
    """Every topic of the table for every node, another hall's, and some that nobody has any business with."""
    found: dict[str, None] = {}
    for row in TABLE:
        for node in (*NODES, STRANGER):
            for counter, group in (("W01", "A"), ("W02", "B")):
                found[f"{ROOT}/{row.topic.format(node=node, counter=counter, group=group)}"] = None
    other = [topic.replace("yongan-small", "elsewhere") for topic in found if "/TM-01/" in topic or "/node/" not in topic]
    odd = ["hall/v1", ROOT, f"{ROOT}/node/TM-01", f"{ROOT}/node/TM-01/up", f"{ROOT}/node/TM-01/up/TicketRequested/more"]
    odd += ["TM-01", "a/b", f"/{ROOT}/board/hall", f"{ROOT}/desk", f"{ROOT}/node/TM-01/state/x", "hall/v2/x"]
    return [*found, *other, *odd]


TOPICS = topics()


# --- The hall -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, require_mosquitto: None) -> Iterator[GuardedMosquitto]:
    """One mosquitto with the accounts of demo-small, and a witness."""
    one = GuardedMosquitto(tmp_path_factory.mktemp("guarded"), SMALL, HallId("yongan-small"))
    one.add_witness()
    one.start(log_type="information")
    yield one
    one.stop()


Connect = Callable[..., RawClient]


@pytest.fixture
def connect(server: GuardedMosquitto) -> Iterator[Connect]:
    """Connects a role, closed after the test."""
    with ExitStack() as opened:
        yield connecting(server, opened)


def connecting(server: GuardedMosquitto, opened: ExitStack) -> Connect:
    """Connects a role to this server."""

    def open_one(role: str, *, will: Will | None = None) -> RawClient:
        sock = socket.create_connection(("127.0.0.1", server.port))
        return opened.enter_context(RawClient(sock, "any", *server.account(role), will=will))

    return open_one


def told(role: str, topic: str) -> bytes:
    """A payload that says where it comes from and where it was meant to go."""
    return f"{role} {topic}".encode()


def wrong(cells: dict[tuple[str, str], bool], right: Callable[[str], set[str]]) -> list[str]:
    """The cells that are not as the hand-written list has them."""
    return [
        f"{role} {'may' if is_so else 'may not'} {topic}"
        for (role, topic), is_so in cells.items()
        if is_so != (topic in right(role))
    ]


def cells_of(role: str, heard: Iterable[Heard]) -> dict[tuple[str, str], bool]:
    """What was delivered to a role, as cells."""
    delivered = {one.topic for one in heard}
    return {(role, topic): topic in delivered for topic in TOPICS}


def test_the_matrix_is_large_enough_and_the_list_is_not_empty() -> None:
    """Eight ways, and in each at least 2,000 cells of which some are allowed and most are not."""
    assert len(ROLES) * len(TOPICS) >= 2_000
    for role in ROLES:
        assert hears(role) <= set(TOPICS)
        assert says(role) <= set(TOPICS)
        assert role == "service" or len(hears(role) | says(role)) < len(TOPICS) / 5


@pytest.mark.parametrize("retain", [False, True])
def test_saying(connect: Connect, retain: bool) -> None:
    """What a role may not say reaches nobody, retained or not, and the server says so; what it may say arrives."""
    cells, reasons = said(connect, retain=retain)
    assert wrong(cells, says) == []
    assert wrong(reasons, says) == []


def said(connect: Connect, *, retain: bool) -> tuple[dict[tuple[str, str], bool], dict[tuple[str, str], bool]]:
    """Let every role say something on every topic: what arrived, and what the server called allowed."""
    witness = connect(WITNESS)
    witness.subscribe(["#"])
    cells: dict[tuple[str, str], bool] = {}
    reasons: dict[tuple[str, str], bool] = {}
    for role in ROLES:
        speaker = connect(role)
        codes = speaker.publish([(topic, told(role, topic)) for topic in TOPICS], retain=retain)
        arrived = {one.payload for one in witness.settle()}
        for topic, code in zip(TOPICS, codes, strict=True):
            cells[role, topic] = told(role, topic) in arrived
            reasons[role, topic] = code != REFUSED
    clear(witness)
    return cells, reasons


def clear(witness: RawClient) -> None:
    """Take back everything retained."""
    witness.publish([(topic, b"") for topic in TOPICS], retain=True)


@pytest.mark.parametrize("filters", [["#"], TOPICS, ["+/+/+/#"]], ids=["wildcard", "by name", "levels"])
def test_hearing(connect: Connect, filters: list[str]) -> None:
    """Whatever a role subscribes to, by name or by wildcard, it gets its own and nothing else."""
    assert wrong(heard(connect, filters), hears) == []


def heard(connect: Connect, filters: list[str]) -> dict[tuple[str, str], bool]:
    """Let every role listen while something is said on every topic."""
    witness = connect(WITNESS)
    listeners = {role: connect(role) for role in ROLES}
    for listener in listeners.values():
        for start in range(0, len(filters), 50):
            listener.subscribe(filters[start : start + 50])
    assert set(witness.publish([(topic, b"news") for topic in TOPICS])) <= {0, 0x10}
    cells: dict[tuple[str, str], bool] = {}
    for role, listener in listeners.items():
        cells |= cells_of(role, listener.settle())
    return cells


@pytest.mark.parametrize("filters", [["#"], TOPICS], ids=["wildcard", "by name"])
def test_hearing_what_was_retained(connect: Connect, filters: list[str]) -> None:
    """A role that comes later gets the retained messages of its own topics and of no other."""
    witness = connect(WITNESS)
    assert set(witness.publish([(topic, b"old") for topic in TOPICS], retain=True)) <= {0, 0x10}
    cells: dict[tuple[str, str], bool] = {}
    for role in ROLES:
        late = connect(role)
        for start in range(0, len(filters), 50):
            late.subscribe(filters[start : start + 50])
        old = late.settle()
        assert all(one.retained for one in old)
        cells |= cells_of(role, old)
    assert wrong(cells, hears) == []
    clear(witness)


def test_last_wills(connect: Connect) -> None:
    """A will is spoken, or not, as if its owner said it. That mosquitto 2.0.11 takes any at the connect proves nothing."""
    witness = connect(WITNESS)
    witness.subscribe(["#"])
    cells: dict[tuple[str, str], bool] = {}
    for role in ROLES:
        for topic in TOPICS:
            connect(role, will=Will(topic, told(role, topic))).vanish()
        connect(role).settle()  # it takes the place of whoever the server thinks is still there
        spoken = {one.payload for one in witness.settle()}
        cells |= {(role, topic): told(role, topic) in spoken for topic in TOPICS}
    assert wrong(cells, says) == []


def test_the_servers_own_topics(connect: Connect) -> None:
    """Only the monitor hears $SYS; nobody is heard there, nor on the server's control topics, and no will either."""
    watching = [connect(WITNESS), connect("monitor")]
    for one in watching:
        one.subscribe(["$SYS/#", "$CONTROL/#"])
        assert one.settle(), "it watches"
    for role in ROLES:
        client = connect(role) if role != "monitor" else watching[1]
        client.subscribe(["$SYS/#", "$SYS/broker/version", "$CONTROL/#"])
        assert bool(client.settle()) == (role == "monitor"), role
        if role == "monitor":
            continue
        for topic in ("$SYS/broker/version", "$SYS/of/ours", "$CONTROL/dynamic-security/v1"):
            assert connect(role).publish([(topic, b"planted")], retain=True) == [REFUSED], (role, topic)
            connect(role, will=Will(topic, b"planted", retain=True)).vanish()
            connect(role).settle()
    watching.append(connect(WITNESS))
    watching[-1].subscribe(["$SYS/#"])
    assert [one for each in watching[1:] for one in each.settle() if one.payload == b"planted"] == []


def test_a_hole_would_be_found(tmp_path: Path, require_mosquitto: None) -> None:
    """Three planted mistakes in the access rules, one of each sort, are each found, and nothing else is."""
    server = GuardedMosquitto(tmp_path, SMALL, HallId("yongan-small"))
    rules = server.out / "acl"
    text = rules.read_text(encoding="utf-8")
    own = f"topic write {ROOT}/node/PAD-W01/state\n"
    text = text.replace(own, f"{own}topic write {ROOT}/node/TM-01/state\ntopic read {ROOT}/desk/W02\n")
    rules.write_text(text.replace(f"topic read {ROOT}/node/CLK-01/settings\n", ""), encoding="utf-8")
    server.add_witness()
    server.start(log_type="information")
    try:
        with ExitStack() as opened:
            connect = connecting(server, opened)
            assert wrong(said(connect, retain=False)[0], says) == [f"PAD-W01 may {ROOT}/node/TM-01/state"]
            holes = [f"PAD-W01 may {ROOT}/desk/W02", f"CLK-01 may not {ROOT}/node/CLK-01/settings"]
            assert sorted(wrong(heard(connect, ["#"]), hears)) == sorted(holes)
    finally:
        server.stop()

"""``hall-broker inquiry record|link`` and ``project open``: what guides and case managers record and look up."""

import argparse

from broker.cli.asking import Ask, ask, common_of, ticket_of
from broker.cli.typed import Commands, add_asking, add_ticket_number
from broker.rules.hours import day_of
from contracts import messages as m
from contracts.values import HallTime, InquiryChannel, InquiryKind, InquiryNo, RequestId, ServiceId, TaskId, TicketId
from words import text


def add_to(commands: Commands) -> None:
    """Their part of the command line."""
    whole = commands.add_parser("inquiry", help="咨询登记 who was asked first answers for the matter (GUID-3.1, FIRST-3)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_record(kinds)
    one = kinds.add_parser("link", help="the person who asked has this ticket now")
    one.add_argument("inquiry", metavar="INQUIRY", help="ZX-20260310-001")
    add_ticket_number(one)
    add_asking(one)
    one.set_defaults(act=link)
    whole = commands.add_parser("project", help="重点项目 which project a task is about (GREEN-8)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("open", help="show the code; who looked and why is on record")
    one.add_argument("task", metavar="TASK", help="2026-03-10/T017, or T017 of today")
    one.add_argument("--reason", required=True)
    add_asking(one)
    one.set_defaults(act=open_project)


def _add_record(kinds: Commands) -> None:
    one = kinds.add_parser("record", help="somebody asked; nothing about who")
    one.add_argument("--topic", required=True, help="what about, in a few words")
    one.add_argument("--kind", choices=[each.value for each in InquiryKind], default=InquiryKind.ANSWERED.value)
    one.add_argument("--channel", choices=[each.value for each in InquiryChannel], default=InquiryChannel.DESK.value)
    one.add_argument("--service", metavar="ID")
    one.add_argument("--authority", default="", help="out of scope: whose matter it is, or 无法确定")
    one.add_argument("--phone", default="", help="out of scope: how they are reached")
    one.add_argument("--slip", action="store_true", help="the one-off notice was handed out")
    one.add_argument("--ticket", metavar="NO", help="A017 of today: the person holds it already")
    add_asking(one)
    one.set_defaults(act=record)


def record(arguments: argparse.Namespace) -> int:
    """One inquiry; prints its number, and what to tell a person whose matter is not the hall's."""

    def make(request_id: RequestId, now: HallTime) -> m.InquiryRequested:
        ticket = None if arguments.ticket is None else TicketId(f"{day_of(now).isoformat()}/{arguments.ticket}")
        return m.InquiryRequested(
            **common_of(arguments, request_id, now),
            topic=arguments.topic,
            kind=InquiryKind(arguments.kind),
            channel=InquiryChannel(arguments.channel),
            service=None if arguments.service is None else ServiceId(arguments.service),
            authority=arguments.authority,
            phone=arguments.phone,
            slip=arguments.slip,
            ticket=ticket,
        )

    def done(answer: m.Answer) -> str:
        said = _first(answer)
        if not arguments.phone:
            return said
        told = text("slip.refer.text").zh.format(dept=arguments.authority, tel=arguments.phone)
        return f"{said}\n{told}"

    return ask(arguments, Ask(make, done))


def _first(answer: m.Answer) -> str:
    assert isinstance(answer, m.RequestDone)
    no, first = answer.values["inquiry"], answer.values["first_asker"]
    return f"已登记 {no},首问负责人 {first}\nRecorded as {no}; first responsible person {first}"


def link(arguments: argparse.Namespace) -> int:
    """The ticket of somebody who asked; prints who answers for it."""

    def make(request_id: RequestId, now: HallTime) -> m.InquiryLinkRequested:
        return m.InquiryLinkRequested(
            **common_of(arguments, request_id, now),
            inquiry=InquiryNo(arguments.inquiry),
            ticket=ticket_of(arguments, now),
        )

    return ask(arguments, Ask(make, _first))


def open_project(arguments: argparse.Namespace) -> int:
    """The code behind a task, on this screen alone."""

    def make(request_id: RequestId, now: HallTime) -> m.ProjectOpenRequested:
        task = arguments.task if "/" in arguments.task else f"{day_of(now).isoformat()}/{arguments.task}"
        return m.ProjectOpenRequested(
            **common_of(arguments, request_id, now),
            reason=arguments.reason,
            task=TaskId(task),
        )

    def done(answer: m.Answer) -> str:
        assert isinstance(answer, m.ProjectOpened)
        return f"{answer.project}  {answer.no or ''}  {answer.case_manager}  {answer.valid_to}".rstrip()

    return ask(arguments, Ask(make, done))

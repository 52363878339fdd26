"""How each kind of fault is done to a simulated hall, and undone when its time is over. The kinds stand in ``KINDS``.

A strike never raises: what is dead already cannot be killed, what is unplugged cannot be unplugged. Everything it leaves
open it draws from its own dice.
"""

import random
from collections.abc import Callable

from sim.storm.hand import Hand
from sim.storm.strikes import devices, machines, network, people, processes
from sim.storm.weather import Strike

KINDS: dict[str, Callable[[Hand, Strike, random.Random], None]] = {
    "node_killed": processes.node_killed,
    "node_without_power": processes.node_without_power,
    "node_dies_in_a_step": processes.node_dies_in_a_step,
    "service_killed": processes.service_killed,
    "service_dies_at_a_milestone": processes.service_dies_at_a_milestone,
    "server_restarts": network.server_restarts,
    "server_forgets": network.server_forgets,
    "cut": network.cut_both_ways,
    "cut_one_way": network.cut_one_way,
    "slow": network.slow,
    "kiosk_alone": network.kiosk_alone,
    "display_alone": network.display_alone,
    "doubled": network.doubled,
    "lost": network.lost,
    "said_again": network.said_again,
    "late": network.late,
    "service_disk_full": machines.service_disk_full,
    "node_disk_full": machines.node_disk_full,
    "node_clock_wrong": machines.node_clock_wrong,
    "service_clock_jumps": machines.service_clock_jumps,
    "paper_out": devices.paper_out,
    "printer_cover": devices.printer_cover,
    "printer_fails_meanwhile": devices.printer_fails_meanwhile,
    "printer_silent": devices.printer_silent,
    "printer_without_power": devices.printer_without_power,
    "cutter_jammed": devices.cutter_jammed,
    "line_unplugged": devices.line_unplugged,
    "sign_fails": devices.sign_fails,
    "bus_echoes": devices.bus_echoes,
    "key_stuck": devices.key_stuck,
    "key_bounces": devices.key_bounces,
    "card_noise": devices.card_noise,
    "flood": people.flood,
    "strangers": people.strangers,
    "rubbish": people.rubbish,
    "staff_at_work": people.staff_at_work,
    "emergency": people.emergency,
}


def strike(hand: Hand, one: Strike) -> None:
    """Let it happen, now."""
    if not hand.is_calm:
        KINDS[one.kind](hand, one, random.Random(one.dice))

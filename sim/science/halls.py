"""The hall the waiting time is studied in: six counters for one group, long hours without a break."""

from sim.rules_day import hall_text

COUNTERS = 6
SERVICES = {"SV01": 6, "SV02": 10, "SV03": 15}
"""Configured minutes; what really happens is the study's business."""
SPEEDS = {"green": 150, "care": 200, "appointment_due": 300}


def six_counters() -> str:
    """hall.toml of it: speeds 1, 1.5, 2 and 3, no head starts (``targets.md`` 1.4)."""
    small = hall_text("demo-small")
    head, hall = small[: small.index("services = [")], small[small.index("[hall]") : small.index("[params.queue]")]
    skills = "[" + ", ".join(f'"{one}"' for one in SERVICES) + "]"
    head = head.replace('start = "09:00", end = "12:00"', 'start = "06:00", end = "12:00"')
    head = head.replace('start = "13:30", end = "17:30"', 'start = "12:00", end = "22:00"')
    head = "\n".join(line for line in head.splitlines() if '{ id = "B"' not in line)
    numbers = [f"{number:02d}" for number in range(1, COUNTERS + 1)]
    any_service = 'dept = "DSJ", zh = "业务", en = "Work", promised = 0, unit = "wd"'
    services = [f'{{ id = "{one}", group = "A", {any_service}, avg_min = {minutes} }}' for one, minutes in SERVICES.items()]
    counters = [f'{{ id = "W{n}", zh = "综合", led_zh = "综合", kind = "reception", groups = ["A"] }}' for n in numbers]
    clerk = 'zh = "张敏", dept = "DSJ", role = "clerk", since = 2024-01-08'
    staff = [f'{{ id = "S1{n}", {clerk}, card = "04A10001{n}", skills = {skills} }}' for n in numbers]
    leader = '{ id = "S002", zh = "赵晓梅", dept = "DSJ", role = "duty_leader", since = 2024-01-08, card = "04A1000002" }'
    devices = [
        '{ id = "TM-01", kind = "ticket_machine", ordinal = 1, place = "大厅入口" }',
        '{ id = "OPS-01", kind = "ops", place = "机房" }',
        *(f'{{ id = "TRM-W{n}", kind = "counter_terminal", counter = "W{n}" }}' for n in numbers),
    ]
    tables = {"services": services, "counters": counters, "staff": [leader, *staff], "devices": devices}
    lists = "\n".join(f"{name} = [\n    " + ",\n    ".join(rows) + ",\n]" for name, rows in tables.items())
    classes = "\n".join(f"{one} = {{ head_start_min = 0, speed = {speed} }}" for one, speed in SPEEDS.items())
    return f"{head}\n{lists}\n\n{hall}\n[params.queue.classes]\n{classes}\n"

"""One visit to the small demo hall, in virtual time: a ticket, a call, a service, a rating."""

from sim.hall import Hall

with Hall.demo_small(seed=1, start="2026-03-10T08:59:50") as hall:
    hall.card("W02", hall.card_of("S102"))  # a clerk logs in at counter 2
    hall.kiosk().press("A")  # a visitor presses the key of group A
    hall.run_until("09:00:10")
    print(hall.papers()[0].text)
    hall.keys("W02", "next")  # the clerk calls: the sign shows it, the voice says it
    print(hall.time, hall.sign("W02").text())
    hall.keys("W02", "start", "finish")
    hall.pad("W02").press(5)  # the visitor presses the best face
    hall.run_for(1_000)
    print(hall.time, hall.counter("W02").text())

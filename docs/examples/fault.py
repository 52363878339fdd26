"""The service is killed between its commit and its answer; nobody loses a place, nobody gets two."""

from sim.hall import Hall

with Hall.demo_small(seed=1, start="2026-03-10T09:00:00") as hall:
    hall.service.die_at = "after_commit"
    hall.kiosk().press("A")
    hall.run_for(5_000)
    hall.service.start()
    hall.run_for(20_000)
    print(len(hall.papers()), "paper")
    print(hall.service.database.execute("SELECT no, state FROM tickets").fetchall())

"""Appointments (APPT): a promised point in time, from the booking to the ticket at check-in or to being given up.

Start at ``decide.RULES``. ``slots`` knows which points can be promised, ``booking`` makes and confirms, ``changes`` moves
and cancels, ``coming`` checks people in, ``contacting`` follows up those who have not come; ``due`` lets time act. Agreed
times are read on the queue clock, so that an emergency of the day shifts them (HALL-8.2).
"""

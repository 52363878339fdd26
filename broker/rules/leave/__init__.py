"""Leave 请假: from the request to the return (ATT-3.2, ATT-4, ATT-5, ATT-7, ATT-8.3.3).

Start at ``decide.RULES``. ``entering`` takes requests, renewals, DingTalk's exports; ``deciding`` lets the levels sign;
``ending`` gives up and reports back; ``due`` lets time act. An approved leave is an absence in ``hall.posts.absences`` under
its number, which is all that counters, clocks and the monthly sheet look at.
"""

"""Business outings 公出 (ATT-6, HALL-11.2): entered in a ledger, approved before leaving, closed by a punch or a login.

An approved entry is an absence with its number as ``ref`` (``hall.posts.absences``), which is what posts, clocks and the
monthly sheet go by; here is only what the ledger says of it.
"""

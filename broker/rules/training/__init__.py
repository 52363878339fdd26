"""Training: sessions, who is to come, who came, what came of it; and who may work because of it (TRN, ROT-5).

An invitation is an absence of kind ``training`` (``hall.posts.absences``): posts, clocks and
the monthly sheet hear of it there.
"""

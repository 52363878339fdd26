"""Hand-overs between A and B of a post (AB-1 to AB-5): their ledger, prompts, return lists, and who a clue points to.

Who acts at which counter stands in ``broker.rules.posts``; here is what the two told each other about it.
"""

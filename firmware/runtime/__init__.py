"""What a node runs on: one inbox, one loop, the link to the MQTT server, the journal, the only clock.

Start with ``steps``, then ``node``.
"""

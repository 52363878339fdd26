"""The rules service: one writer that turns requests into facts.

``rules`` decides and is pure; ``store`` keeps; ``service`` is the thin shell between the MQTT server and both. Start with
``rules``, then ``service``.
"""

"""The course of a ticket beside the straight line from issue to done (1.0.5).

Held, handed on, led, missed and back in line, in another class.
"""

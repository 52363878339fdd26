"""What may be said: values, messages, one topic table, the codec.

A leaf: everyone may import it, it imports nobody. Start with ``messages``, then ``topics``.
"""

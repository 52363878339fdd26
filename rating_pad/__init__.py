"""The five-level evaluator (评价器): five keys with a lamp each, nothing else. Start with ``behaviour``."""

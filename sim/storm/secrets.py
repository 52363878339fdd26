"""What may be read nowhere (I16): numbers of work cards, and what people told about themselves for an appointment."""

import re

from broker.schema import HallConfig

CONTACT = "0000-555"
"""Every telephone number that is given on a stormy day begins so."""
NAME = "某某某"


class Secrets:
    """The secrets of one hall."""

    def __init__(self, config: HallConfig) -> None:
        cards = [person.card for person in config.staff if person.card]
        self._any = re.compile("|".join(map(re.escape, (*cards, CONTACT, NAME))))

    def told_in(self, text: str) -> bool:
        """Whether one of them stands in this text."""
        return self._any.search(text) is not None

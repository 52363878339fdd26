"""From a card to what may be kept of it: a keyed hash, and whether the age is one of the care channel. Pure."""

from datetime import date

from contracts.identities import holder_hash
from contracts.messages import KioskSettings
from firmware.drivers.id_reader_layouts import IdCard
from kiosk.talk import NOBODY, Visitor


def age_on(born: date, day: date) -> int:
    """Full years of age; the birthday itself counts (D6)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def visitor_of(card: IdCard, settings: KioskSettings, today: date | None) -> Visitor:
    """What is known of the holder from here on. On a day that is not certain nothing is: no age, no hash."""
    if today is None:
        return NOBODY
    age = age_on(card.born, today)
    keyed = settings.identity_key and settings.identity_day == today.isoformat()
    return Visitor(
        holder=holder_hash(settings.identity_key, card.number) if keyed else None,
        by_age=age >= settings.care_from_age or age <= settings.care_to_age,
    )

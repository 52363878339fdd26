"""From a card to what may be kept of it: a keyed hash, and whether the age is one of the care channel. Pure."""

from datetime import date, datetime, time, timedelta

from contracts.identities import holder_hash
from contracts.messages import KioskSettings
from contracts.values import HallTime
from firmware.drivers.id_reader_layouts import IdCard
from kiosk.layout import CHINA
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


def key_ends_at(settings: KioskSettings | None) -> HallTime | None:
    """When the day of the identity key is over, ``None`` if there is no key. A day nobody can read is over already."""
    if settings is None or not settings.identity_key:
        return None
    try:
        day = date.fromisoformat(settings.identity_day or "")
    except ValueError:
        return HallTime(0)
    midnight = datetime.combine(day + timedelta(days=1), time(), CHINA)
    return HallTime(round(midnight.timestamp() * 1000))

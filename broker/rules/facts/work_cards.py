"""Work cards and PINs: what the hall knows a person by (COND-4, D15)."""

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import CounterId, StaffNo


class LostCard(Struct, frozen=True, kw_only=True):
    """A card that opens nothing any more, and whose it was."""

    card: str
    staff: StaffNo


class Pin(Struct, frozen=True, kw_only=True):
    """What a clock compares a typed PIN with: the salt, and a keyed hash that says nothing without the card key."""

    staff: StaffNo
    salt: str
    verifier: str


class CardReportedLost(Fact, frozen=True, kw_only=True):
    """The person's card is refused from here on at every clock and terminal (COND-4)."""

    lost: LostCard
    actor: StaffNo


class CardFound(Fact, frozen=True, kw_only=True):
    """The person's card was found again and counts as before."""

    lost: LostCard
    actor: StaffNo


class PinSet(Fact, frozen=True, kw_only=True):
    """The person typed a PIN for the clocks; one they had before is void."""

    pin: Pin
    actor: StaffNo


class PinRemoved(Fact, frozen=True, kw_only=True):
    """The person has no PIN any more."""

    staff: StaffNo
    actor: StaffNo


class LoginVouched(Fact, frozen=True, kw_only=True):
    """Somebody in charge let a person without a card log in at a counter, or out of it; what that changed stands beside."""

    staff: StaffNo
    counter: CounterId
    actor: StaffNo
    leaves: bool


WorkCardFact = CardReportedLost | CardFound | PinSet | PinRemoved | LoginVouched
"""Facts of work cards."""

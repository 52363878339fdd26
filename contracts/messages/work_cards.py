"""What is asked about work cards and the PINs that stand in for them (COND-4, D15)."""

from contracts.messages.base import Perishable
from contracts.values import CounterId, StaffNo


class CardLostRequested(Perishable, frozen=True, kw_only=True):
    """The work card of a person is lost and opens nothing any more; ``found``: it is there again."""

    actor: StaffNo
    staff: StaffNo
    found: bool = False


class PinRequested(Perishable, frozen=True, kw_only=True):
    """A person has typed a PIN for the attendance clocks, or (``remove``) has none any more.

    ``stretched`` is what ``contracts.pins.stretched`` made of salt and PIN where it was typed; the PIN itself goes nowhere.
    """

    actor: StaffNo
    staff: StaffNo
    salt: str = ""
    stretched: str = ""
    remove: bool = False


class LoginVouchRequested(Perishable, frozen=True, kw_only=True):
    """Somebody in charge knows the person without a card, who logs in at this counter, or (``leaves``) out of it."""

    actor: StaffNo
    staff: StaffNo
    counter: CounterId
    leaves: bool = False

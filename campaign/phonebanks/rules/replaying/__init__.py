"""Calls played anew without some of them: where people and numbers would stand then.

Somebody goes back to what they were before the first call that is taken out, and every call after
it that stays is played again, in its order, at its own time and by the same rules as ever. So the
end is as if the others had never been made; calls that stay learn anew what was before them.
"""

from campaign.phonebanks.rules.replaying.calls import Said
from campaign.phonebanks.rules.replaying.game import FINAL, Played, Terms, play
from campaign.phonebanks.rules.replaying.people import among_others

__all__ = [
    "FINAL",
    "Played",
    "Said",
    "Terms",
    "among_others",
    "play",
]

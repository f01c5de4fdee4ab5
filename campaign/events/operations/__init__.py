"""What is written about events: announcing, signing up, and who came."""

from campaign.events.operations.afterwards import note_came, say_attendance
from campaign.events.operations.announcing import (
    announce,
    attach_roster,
    publish,
)
from campaign.events.operations.counting import count, take_count_back
from campaign.events.operations.day import write_day_letters
from campaign.events.operations.digests import (
    forget_unconfirmed,
    note_news,
    send_digests,
)
from campaign.events.operations.door import (
    add_walk_in,
    mark_attendance,
    mark_the_rest,
    unmark_the_rest,
)
from campaign.events.operations.editing import cancel, edit
from campaign.events.operations.everybody import tell_everybody
from campaign.events.operations.feeds import drop_calendar_key, renew_calendar_key
from campaign.events.operations.following import (
    ask_to_follow,
    change_radius,
    come_in,
    confirm_follow,
    follow_now,
    leave_group,
    pause_follower,
    stop_follow,
    stop_following,
    stop_hearing,
    write_follow_key,
)
from campaign.events.operations.forgetting import forget_rsvp, withdraw
from campaign.events.operations.host_links import (
    close_host_links,
    host_link,
    renew_host_link,
    send_host_link,
)
from campaign.events.operations.hosting import (
    drop_out,
    hand_over,
    leave_everything,
    leave_hosting,
    take_over,
)
from campaign.events.operations.listing import keep_off_map, list_event
from campaign.events.operations.moderating import decide, undo
from campaign.events.operations.offering import look_after_hostless
from campaign.events.operations.quiet import (
    warn_quiet_groups,
)
from campaign.events.operations.reminding import confirm_rsvp, send_reminders
from campaign.events.operations.repeating import make_all_days, make_days, repeat
from campaign.events.operations.reporting import write_report
from campaign.events.operations.shifts import (
    add_shift,
    add_shifts,
    change_shift,
    remove_shift,
)
from campaign.events.operations.signing_up import (
    Heard,
    SignUp,
    accept_offer,
    answer_request,
    ask_for_place,
    cancel_rsvp,
    change_rsvp,
    refuse_kept_out,
    set_policy,
    sign_up,
    sweep_offers,
)
from campaign.events.operations.taking_off import take_off_people
from campaign.events.operations.teaming import (
    accept_invite,
    decline_invite,
    invite,
    join_team,
    leave_team,
    leave_team_as,
)
from campaign.events.operations.telling import keep_key, send_addresses
from campaign.events.operations.templates import back_to_default, change_template
from campaign.events.operations.together import cancel_together, edit_together
from campaign.events.operations.trusting import revoke_trust, trust_host

__all__ = [
    "Heard",
    "SignUp",
    "accept_invite",
    "accept_offer",
    "add_shift",
    "add_shifts",
    "add_walk_in",
    "announce",
    "answer_request",
    "ask_for_place",
    "ask_to_follow",
    "attach_roster",
    "back_to_default",
    "cancel",
    "cancel_rsvp",
    "cancel_together",
    "change_radius",
    "change_rsvp",
    "change_shift",
    "change_template",
    "close_host_links",
    "come_in",
    "confirm_follow",
    "confirm_rsvp",
    "count",
    "decide",
    "decline_invite",
    "drop_calendar_key",
    "drop_out",
    "edit",
    "edit_together",
    "follow_now",
    "forget_rsvp",
    "forget_unconfirmed",
    "hand_over",
    "host_link",
    "invite",
    "join_team",
    "keep_key",
    "keep_off_map",
    "leave_everything",
    "leave_group",
    "leave_hosting",
    "leave_team",
    "leave_team_as",
    "list_event",
    "look_after_hostless",
    "make_all_days",
    "make_days",
    "mark_attendance",
    "mark_the_rest",
    "note_came",
    "note_news",
    "pause_follower",
    "publish",
    "refuse_kept_out",
    "remove_shift",
    "renew_calendar_key",
    "renew_host_link",
    "repeat",
    "revoke_trust",
    "say_attendance",
    "send_addresses",
    "send_digests",
    "send_host_link",
    "send_reminders",
    "set_policy",
    "sign_up",
    "stop_follow",
    "stop_following",
    "stop_hearing",
    "sweep_offers",
    "take_count_back",
    "take_off_people",
    "take_over",
    "tell_everybody",
    "trust_host",
    "undo",
    "unmark_the_rest",
    "warn_quiet_groups",
    "withdraw",
    "write_day_letters",
    "write_follow_key",
    "write_report",
]

"""The made-up people of the demo: who they are, and three things to try as each."""

from __future__ import annotations

from dataclasses import dataclass

DEMO_HOST = "demo.example"
CALLS = "/phonebanks/demo-calls"
PRACTICE = "/phonebanks/demo-practice"
DOORS = "/events/demo-doors"
FULL = "/events/demo-full"
MEETUP_CODE = "MAPLES"
HALL = f"/m/{MEETUP_CODE}"
MEETUP_HELD, MEETUP_LAST = "demo-meetup-held", "demo-meetup-last"


@dataclass(frozen=True)
class Try:
    """Something to try, and where."""

    words: str
    path: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """One account of the demo."""

    key: str
    name: str
    standing: str
    tries: tuple[Try, Try, Try]

    @property
    def email(self) -> str:
        """The address that signs this person in."""
        return f"{self.key}@{DEMO_HOST}"


DEMO_PEOPLE = (
    DemoPerson(
        "caller",
        "Priya Nair",
        "has practised and may call",
        (
            Try("Practise with made-up people", f"{PRACTICE}/call"),
            Try("Ring the next person", f"{CALLS}/call"),
            Try("See what is next for you", "/me"),
        ),
    ),
    DemoPerson(
        "caller2",
        "Joel Abara",
        "a second caller",
        (
            Try("Call beside Priya in a second browser", f"{CALLS}/call"),
            Try("Practise with made-up people", f"{PRACTICE}/call"),
            Try("Take another shift", "/events?kind=phonebank"),
        ),
    ),
    DemoPerson(
        "organiser",
        "Amal Haddad",
        "convenor of Fair Rents Brighton",
        (
            Try("Announce an event in six answers", "/events/new"),
            Try("Bring a list of people in", f"{CALLS}/import"),
            Try("Run tonight’s meetup, alone with practice people", f"{HALL}/desk"),
        ),
    ),
    DemoPerson(
        "lead",
        "Sian Pryce",
        "leads the phonebank",
        (
            Try("Watch the counts move", f"{CALLS}/lead"),
            Try("See why some people wait", f"{CALLS}/lead"),
            Try("Change what callers say", f"{CALLS}/setup"),
        ),
    ),
    DemoPerson(
        "host",
        "Tom Ashdown",
        "hosts a session",
        (
            Try("Tick who came on your roster", f"{DOORS}/roster"),
            Try("See your event as others do", DOORS),
            Try("Read what a meetup planned, and what was kept", f"/events/{MEETUP_HELD}/recap"),
        ),
    ),
    DemoPerson(
        "supporter",
        "Rosa Whitlock",
        "a supporter with an account",
        (
            Try("Say yes to a place that is held for you", f"{FULL}/place"),
            Try("Join tonight’s meetup, as on a phone", HALL),
            Try("Ask never to be called", "/do-not-call"),
        ),
    ),
    DemoPerson(
        "stranger",
        "Ewan Mackie",
        "a member of another group",
        (
            Try("Learn to call, with made-up people", f"{CALLS}/call"),
            Try("Try the lead’s page: it is shut for you", f"{CALLS}/lead"),
            Try("Open your own group", "/groups/leeds"),
        ),
    ),
    DemoPerson(
        "regional",
        "Beth Rowan",
        "organises several groups",
        (
            Try("See the groups you look after", "/me"),
            Try("Start a phonebank", "/phonebanks/new"),
            Try("Ring the hosts of last night’s meetup", f"/events/{MEETUP_LAST}/hosts"),
        ),
    ),
    DemoPerson(
        "moderator",
        "Kit Lowe",
        "looks at what is announced",
        (
            Try("Look at what was announced", "/moderation"),
            Try("Read a report", "/reports"),
            Try("See the public log", "/moderation/log"),
        ),
    ),
    DemoPerson(
        "officer",
        "Dana Crewe",
        "data officer: rights, and no campaigning",
        (
            Try("Read what we tell people", "/privacy"),
            Try("Put a number on the do-not-call list", "/do-not-call"),
            Try("See what your page holds", "/me"),
        ),
    ),
    DemoPerson(
        "admin",
        "Max Orr",
        "administrator: settings, and no contacts",
        (
            Try("Try a list of people: it is shut", f"{CALLS}/import"),
            Try("See what is next for you", "/me"),
            Try("Change what is proposed for a canvass", "/event-templates/canvass"),
        ),
    ),
    DemoPerson(
        "safeguarding",
        "Noor Idris",
        "safeguarding officer",
        (
            Try("Read a report", "/reports"),
            Try("Keep two people apart", "/reports/apart"),
            Try("Report something, without an account", "/report"),
        ),
    ),
)


def demo_person(email: str | None) -> DemoPerson | None:
    """The one of the demo with this address, if it is one of theirs."""
    return next((one for one in DEMO_PEOPLE if one.email == email), None)

"""The front page, "me", privacy, health, and the demo's own pages."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, jsonify, make_response, request, session, url_for
from flask_login import login_user, logout_user

from campaign.events import operations as events_operations
from campaign.events.messages import Mail
from campaign.foundation import carriers, clock, schema, security, web
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.letters import LetterWriter
from campaign.home import queries
from campaign.home.rules import DEMO_PEOPLE, DemoPerson, demo_person
from campaign.people import access as people_access
from campaign.people import operations as people_operations
from campaign.people import queries as people_queries
from campaign.people.rules import Role

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@web.public
def front() -> Response:
    """The front page: a postcode, what is ringing, what needs people."""
    view = queries.front(web.db(), now=clock.now())
    settings = web.settings()
    held = people_queries.demo_people(web.db()) if settings.is_development else []
    return web.page(
        "home/front.html",
        settings=settings,
        cards=view.cards,
        event_count=view.event_count,
        groups=view.groups,
        ringing=view.ringing,
        done=view.done,
        days_summed=queries.DAYS_SUMMED,
        demo=DEMO_PEOPLE if held else (),
        first_steps=view.is_empty,
    )


@blueprint.get("/brand.css")
@web.public
def brand_css() -> Response:
    """The operator's one colour; everything else follows from it."""
    colour = web.settings().brand
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        colour = "#c4114e"
    response = make_response(f":root {{ --brand: {colour}; }}\n")
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/privacy")
@web.public
def privacy() -> Response:
    """What happens with people's data."""
    return web.page("home/privacy.html", settings=web.settings())


@blueprint.get("/me")
@web.needs(web.SIGNED_IN)
def me() -> Response:
    """What a signed-in person has to do next."""
    view = queries.mine(web.db(), person_id=web.visitor().person_id, now=clock.now())
    return web.page(
        "home/me.html",
        next_up=view.coming[0] if view.coming else None,
        coming=view.coming[1:],
        groups=view.groups,
        phonebanks=view.phonebanks,
        may_start_phonebank=view.may_start_phonebank,
        promised=view.promised,
        waiting=view.waiting,
        hostless=view.hostless,
        reports_due=view.reports_due,
        demo=_of_the_demo(),
        looks_after=_looks_after(),
    )


@blueprint.get("/me/data")
@web.lately
@web.needs(web.SIGNED_IN)
def my_data() -> Response:
    """What we hold about who asks, to read; with a sign-in of the last ten minutes."""
    me = people_access.myself(web.db(), web.visitor().person_id)
    return web.page("home/data.html", held=people_operations.export(web.db(), person=me))


@blueprint.get("/me/data.json")
@web.lately
@web.needs(web.SIGNED_IN)
def my_data_json() -> Response:
    """The same for a program."""
    me = people_access.myself(web.db(), web.visitor().person_id)
    answer = jsonify(people_operations.export(web.db(), person=me))
    answer.headers["Content-Disposition"] = 'attachment; filename="what-we-hold.json"'
    return answer


@blueprint.post("/me/erase")
@web.lately
@web.needs(web.SIGNED_IN)
def erase_me() -> Response:
    """Delete everything about who asks: places go to who waits, and the sign-in ends."""
    if request.form.get("sure") != "yes":
        raise Refused("Tick the box first: this cannot be taken back.")
    db, settings = web.db(), web.settings()
    me = people_access.myself(db, web.visitor().person_id)
    mail = Mail(LetterWriter(settings), settings.base_url)
    events_operations.withdraw(db, person_id=me.id, mail=mail)
    events_operations.leave_everything(db, person_id=me.id, mail=mail)
    people_operations.erase(db, person=me)
    logout_user()
    session.clear()
    flash("All of it is deleted. Thank you for having been here.", "success")
    return web.see_other("home.front")


def _looks_after() -> list[tuple[str, str]]:
    """The rooms of who has a role for the whole installation."""
    visitor, rooms = web.visitor(), []
    if visitor.has(Role.MODERATOR):
        rooms.append((url_for("events.moderation"), "Events to look at"))
    if visitor.has(Role.MODERATOR) or visitor.has(Role.SAFEGUARDING):
        rooms.append((url_for("conduct.cases"), "Reports"))
    if visitor.has(Role.ADMINISTRATOR):
        rooms.append((url_for("events.templates"), "Templates for events"))
        rooms.append((url_for("phonebanks.who_has_access"), "Who can get at phonebanks"))
    return rooms


def _of_the_demo() -> DemoPerson | None:
    """Who of the demo stands at the door; nobody where people are real."""
    if not web.settings().is_development:
        return None
    me = people_access.myself(web.db(), web.visitor().person_id)
    return demo_person(me.email) if me.is_demo else None


@blueprint.get("/mailbox")
@web.public
def mailbox() -> Response:
    """Every letter a trial site has sent."""
    _only_for_trying_out()
    settings = web.settings()
    carrier = web.house().carrier
    folder = carrier.folder if isinstance(carrier, carriers.FolderCarrier) else settings.data_dir
    letters = [queries.shown_letter(message) for _, message in carriers.letters_in(folder)]
    return web.page("home/mailbox.html", letters=letters)


@blueprint.post("/sign-in-as")
@web.public
def sign_in_as() -> Response:
    """Sign in as one of the demo's made-up people, and go where the button says.

    No such door exists in production.
    """
    _only_for_trying_out()
    person = people_queries.person_by_email(web.db(), request.form.get("email", ""))
    if person is None or not person.is_demo:
        raise NotFound("There is no such person in the demo.")
    token = people_operations.open_sign_in(web.db(), person=person)
    login_user(people_access.identify(web.db().connection(), token))
    return web.go(security.own_path(request.form.get("next")) or url_for("home.me"))


def _only_for_trying_out() -> None:
    if not web.settings().is_development:
        raise NotFound("There is nothing here.")


@blueprint.get("/health/live")
@web.public
def live() -> Response:
    """The process answers."""
    return make_response("alive\n")


@blueprint.get("/health/ready")
@web.public
def ready() -> Response:
    """The database answers and has the tables this program wants."""
    if schema.present(web.house().database) != schema.newest():
        return make_response("the database is not ready: run `campaign init`\n", 503)
    return make_response("ready\n")

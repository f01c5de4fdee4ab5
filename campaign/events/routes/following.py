"""Hearing of events by mail without an account: asking, confirming, changing, stopping.

Mail programs fetch every link, so opening one shows a page with a button and changes nothing.
A link's key opens what one address follows; "mine" is the same for who is signed in.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, session

from campaign.events import access, forms, operations
from campaign.events.models import Follow
from campaign.events.routes.mailing import mail
from campaign.events.rules.finding import RADIUS_KM
from campaign.events.rules.following import WORDS, Wanted, area_around, in_words
from campaign.foundation import limits, security, web
from campaign.foundation.errors import NotFound, Refused, at_field
from campaign.groups.models import Group
from campaign.places import lookup
from campaign.places.rules import Spot

MINE = "mine"


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/follow", methods=["GET", "POST"])(follow)
    blueprint.get("/follow/sent")(follow_sent)
    blueprint.route("/follow/<key>", methods=["GET", "POST"])(followed)
    blueprint.post("/follow/<key>/pause")(pause_mails)
    blueprint.post("/follow/<key>/<follow_id>")(change_follow)
    blueprint.route("/follow/<key>/unsubscribe", methods=["GET", "POST"])(unsubscribe)
    # The button of a mail program sends no token (RFC 8058); the key is what nobody can guess.
    security.csrf.exempt(unsubscribe)


@web.public
def follow() -> Response:
    """Tell me when something comes up here."""
    form = _form()
    spots: list[Spot] = []
    if form.validate_on_submit():
        with form.refusals():
            _check_email(form)
            spots = _places(form)
            if len(spots) == 1:
                return _ask(form, spots[0])
    return web.page("events/follow.html", form.code, form=form, spots=spots, words=WORDS)


def _form() -> forms.FollowForm:
    args = request.args
    form = forms.FollowForm(
        near=args.get("near"),
        radius_km=_radius(args.get("radius_km")),
        kind=args.getlist("kind"),
        accessible=bool(args.get("accessible")),
    )
    chosen = request.form.get("chosen_place")
    if chosen:  # one of several places of that name
        form.near.data = chosen
    return form


def _radius(text: str | None) -> str:
    """The nearest choice that is no smaller, so that nothing one looked at is left out."""
    plain = (text or "").isascii() and (text or "").replace(".", "", 1).isdigit()
    asked = float(text or 0) if plain else RADIUS_KM
    values = [str(choice.value) for choice in forms.RADIUS_CHOICES]
    return next((value for value in values if float(value) >= asked), values[-1])


def _check_email(form: forms.FollowForm) -> None:
    if not web.visitor().is_authenticated and not form.email.data:
        raise Refused("Type your email address: we mail you a link to confirm.", field="email")


def _places(form: forms.FollowForm) -> list[Spot]:
    with at_field("near"):
        spots = lookup.find(web.settings().data_dir, form.near.data)
    if len(spots) > 1:
        form.near.errors = ["There are several. Choose yours below, or give the postcode."]
    return spots


def _ask(form: forms.FollowForm, spot: Spot) -> Response:
    wanted = area_around(
        spot,
        radius_km=float(form.radius_km.data),
        kinds=form.kind.data or (),
        step_free=form.accessible.data,
    )
    visitor = web.visitor()
    if visitor.is_authenticated:
        web.limit_of_person(limits.SIGN_UPS_SIGNED_IN)
        operations.follow_now(web.db(), email=visitor.email, wanted=wanted)
        flash("You hear of new events there, at most once a day.", "success")
        return web.see_other("events.followed", key=MINE)
    return _mail_link(form.email.data, wanted)


def _mail_link(email: str, wanted: Wanted) -> Response:
    web.limit_address(limits.FOLLOWS)
    web.limit(limits.FOLLOWS, email)
    operations.ask_to_follow(
        web.db(), email=email, wanted=wanted, what=in_words(_as_follow(wanted)), mail=mail()
    )
    session["follow_sent_to"] = email
    return web.see_other("events.follow_sent")


def _as_follow(wanted: Wanted) -> Follow:
    return Follow(
        place=wanted.place,
        radius_km=wanted.radius_km,
        kinds=" ".join(wanted.kinds),
        step_free=wanted.step_free,
    )


@web.public
def follow_sent() -> Response:
    """Check your mail; the same page for every address."""
    return web.page("events/follow_sent.html", email=session.get("follow_sent_to"))


@web.public
def followed(key: str) -> Response:
    """The mailed link: its button, or what the address follows."""
    held = access.followed_by_key(web.db(), key, web.visitor())
    if request.method == "POST" and held.key is not None:
        group = operations.confirm_follow(web.db(), held=held.key)
        return _confirmed(key, group)
    if held.waiting is not None:
        what = _words_of(held.waiting)
        values = {"follow": held.waiting, "what": what, "words": WORDS}
        return _kept_private(web.page("events/confirm_follow.html", **values))
    page = web.page(
        "events/followed.html",
        key=key,
        mine=key == MINE,
        follower=held.follower,
        rows=[(follow, _words_of(follow)) for follow in held.follows],
        radii=forms.RADIUS_CHOICES,
        words=WORDS,
    )
    return _kept_private(page)


def _words_of(follow: Follow) -> str:
    return in_words(follow, follow.group.name if follow.group else "")


def _confirmed(key: str, group: Group | None) -> Response:
    if group is None:
        flash("Done. New events come to you by mail, at most once a day.", "success")
        return web.see_other("events.followed", key=key)
    joined = "You are a member." if group.is_open else "A convenor will let you in."
    flash(f"{joined} Sign in with the same address to see more.", "success")
    return web.see_other("events.group_page", slug=group.slug)


@web.public
def pause_mails(key: str) -> Response:
    """No mails for a while, or again."""
    held = access.followed_by_key(web.db(), key, web.visitor())
    if held.follower is None:
        raise NotFound("You follow nothing at the moment.")
    paused = request.form.get("pause") == "yes"
    operations.pause_follower(web.db(), follower=held.follower, paused=paused)
    flash("No mails until you say so." if paused else "New events come by mail again.", "success")
    return web.see_other("events.followed", key=key)


@web.public
def change_follow(key: str, follow_id: str) -> Response:
    """Look further or less far, or stop one of them."""
    held = access.followed_by_key(web.db(), key, web.visitor())
    chosen = access.follow_of(held, follow_id)
    if request.form.get("do") == "stop":
        last = len(held.follows) == 1
        operations.stop_follow(web.db(), follow=chosen)
        flash("Stopped. No more mails about it.", "success")
        return web.see_other("events.follow") if last else web.see_other("events.followed", key=key)
    form = forms.RadiusForm()
    if not form.validate():
        raise Refused("Choose one of the distances.")
    operations.change_radius(web.db(), follow=chosen, radius_km=float(form.radius_km.data))
    flash("Saved.", "success")
    return web.see_other("events.followed", key=key)


@web.public
def unsubscribe(key: str) -> Response:
    """One click, here or in the mail program, and there are no more mails; never refused."""
    if request.method == "POST":
        operations.stop_following(web.db(), key=key)
    done = request.method == "POST"
    return _kept_private(web.page("events/unsubscribe.html", done=done))


def _kept_private(page: Response) -> Response:
    page.headers["Cache-Control"] = "no-store"
    return page

"""Signing in and out by a mailed link, and "never call me"."""

from __future__ import annotations

from flask import Blueprint, Response, request, session, url_for
from flask_login import login_user, logout_user

from campaign.foundation import clock, limits, phone, security, tokens, web
from campaign.foundation.errors import Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import post
from campaign.people import access, forms, messages, operations, queries

blueprint = Blueprint("people", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@web.public
def sign_in() -> Response:
    """Ask for a link; the same page whether the address is known or not."""
    form = forms.SignInForm(next=security.own_path(request.args.get("next")) or "")
    again = "again" in request.args and web.visitor().is_authenticated
    if again and not form.is_submitted():
        form.email.data = web.visitor().email
    if form.validate_on_submit():
        web.limit_address(limits.SIGN_IN_LINKS)
        web.limit(limits.SIGN_IN_LINKS, form.email.data)
        _send_link(form.email.data, security.own_path(form.next.data))
        session["link_sent_to"] = form.email.data
        return web.see_other("people.link_sent")
    return web.page("people/sign_in.html", form.code, form=form, again=again)


def _send_link(email: str, next_path: str | None) -> None:
    settings = web.settings()
    key = operations.write_link(web.db(), email=email, next_path=next_path)
    url = settings.base_url + url_for("people.use_link", key=key)
    letter = messages.sign_in_link(
        LetterWriter(settings), to=email, url=url, movement=settings.name
    )
    post(web.db(), letter, key=f"sign-in:{tokens.fingerprint(key)}")


@blueprint.get("/sign-in/sent")
@web.public
def link_sent() -> Response:
    """Check your mail."""
    return web.page("people/link_sent.html", email=session.get("link_sent_to"))


@blueprint.get("/sign-in/<key>")
@web.public
def use_link(key: str) -> Response:
    """The mailed link: mail programs open links to look, so nothing happens before the tap."""
    try:
        link = queries.live_link(web.db(), key, now=clock.now())
    except Refused as refusal:
        return web.page("people/link_worn_out.html", 410, sentence=refusal.message)
    return web.page("people/confirm_sign_in.html", key=key, email=link.email)


@blueprint.post("/sign-in/<key>")
@web.public
def confirm(key: str) -> Response:
    """Use the link up and sign this device in."""
    try:
        person, token, next_path = operations.use_link(web.db(), key=key)
    except Refused as refusal:
        return web.page("people/link_worn_out.html", 410, sentence=refusal.message)
    admit(token)
    if person.name == (person.email or "").partition("@")[0]:
        return web.see_other("people.name", next=next_path)
    return web.go(next_path or url_for("home.me"))


def admit(token: str) -> None:
    """Give this browser the cookie of a sign-in that was just opened."""
    found = access.identify(web.db().connection(), token)
    session.permanent = True
    login_user(found)


@blueprint.route("/sign-in/name", methods=["GET", "POST"])
@web.needs(web.SIGNED_IN)
def name() -> Response:
    """What may we call you: asked once, after the first sign-in."""
    form = forms.NameForm()
    next_path = security.own_path(request.args.get("next"))
    if form.validate_on_submit():
        me = access.myself(web.db(), web.visitor().person_id)
        operations.rename(web.db(), person=me, name=form.name.data)
        return web.go(next_path or url_for("home.me"))
    return web.page("people/name.html", form.code, form=form)


@blueprint.get("/sign-in/done")
@web.needs(web.SIGNED_IN)
def signed_in() -> Response:
    """Back to another page of this browser, which holds what was typed."""
    return web.page("people/signed_in.html")


@blueprint.post("/sign-out")
@web.public
def sign_out() -> Response:
    """End this device's sign-in; a copied cookie is dead with it."""
    visitor = web.visitor()
    if visitor.is_authenticated:
        operations.close_sign_in(web.db(), token=visitor.token, person_id=visitor.person_id)
        logout_user()
        session.clear()
    return web.see_other("home.front")


@blueprint.route("/do-not-call", methods=["GET", "POST"])
@web.public
def do_not_call() -> Response:
    """Never call this number: works for everybody, at once, and asks for nothing else."""
    form = forms.DoNotCallForm()
    if form.validate_on_submit():
        with form.refusals():
            _suppress(form.number.data)
            return web.see_other("people.do_not_call_done")
    return web.page("people/do_not_call.html", form.code, form=form)


def _suppress(text: str) -> None:
    """Any number that can be read is taken, also one that we would never ring; it is the same
    page for whatever is typed there."""
    settings = web.settings()
    try:
        number = phone.parse(text, allow_unassigned=True, allow_abroad=True)
    except phone.NumberRefused as refusal:
        if refusal.code == "not_a_person" and refusal.reason not in ("short", "emergency"):
            return  # business and service numbers are rung by nobody as it is
        raise Refused(
            "We could not read this number. Write its digits only, such as 020 7946 0142; "
            "for a number abroad begin with + and the country.",
            field="number",
        ) from refusal
    operations.suppress(
        web.db(),
        hmac=phone.hmac_key(number.e164, settings.suppression_key.encode()),
        reason="asked",
        source="do-not-call page",
        actor_id=web.visitor().person_id,
    )


@blueprint.get("/do-not-call/done")
@web.public
def do_not_call_done() -> Response:
    """What has just happened, and what else one can ask for."""
    return web.page("people/do_not_call_done.html")

"""Who belongs to a group, who is let in, who runs it next; for its convenors."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from campaign.foundation import web
from campaign.foundation.errors import Refused
from campaign.groups import access, forms, operations, queries
from campaign.groups.rules import LABELS, GroupRole


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/groups/<slug>/members")(members)
    blueprint.post("/groups/<slug>/members/<person_id>")(appoint)
    blueprint.post("/groups/<slug>/asking/<person_id>")(answer)
    blueprint.route("/groups/<slug>/hand-over", methods=["GET", "POST"])(hand_over)


@web.needs(web.SIGNED_IN)
def members(slug: str) -> Response:
    """Who belongs to the group, for its convenors."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    after = request.args.get("after")
    listed, next_after = queries.members(web.db(), group.id, after=after)
    return web.page(
        "groups/members.html",
        group=group,
        members=listed,
        total=queries.belonging_count(web.db(), group.id),
        next_url=url_for("groups.members", slug=slug, after=next_after) if next_after else None,
        labels=LABELS,
        form=forms.AppointForm(),
        askers=queries.askers(web.db(), group.id),
    )


@web.needs(web.SIGNED_IN)
def appoint(slug: str, person_id: str) -> Response:
    """Give a member a role."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    form = forms.AppointForm()
    if not form.validate():
        raise Refused("Choose one of the roles.")
    operations.appoint(
        web.db(),
        group=group,
        person_id=access.member_of(web.db(), group, person_id).person_id,
        role=GroupRole(form.role.data),
        actor_id=web.visitor().person_id,
    )
    flash("Saved.", "success")
    return web.see_other("groups.members", slug=group.slug)


@web.needs(web.SIGNED_IN)
def answer(slug: str, person_id: str) -> Response:
    """Let somebody in who asked, or say no."""
    group = access.group_to_manage(web.db(), slug, web.visitor().person_id)
    let_in = request.form.get("answer") == "yes"
    operations.answer_asker(
        web.db(),
        group=group,
        person_id=access.asker_of(web.db(), group, person_id).person_id,
        let_in=let_in,
        actor_id=web.visitor().person_id,
    )
    flash("They are in." if let_in else "They stay outside; the request is gone.", "success")
    return web.see_other("groups.members", slug=group.slug)


@web.needs(web.SIGNED_IN)
def hand_over(slug: str) -> Response:
    """Choose who runs the group next, and go."""
    me = web.visitor().person_id
    group = access.group_to_manage(web.db(), slug, me)
    if request.method != "POST":
        others = queries.successors(web.db(), group_id=group.id, person_id=me)
        return web.page("groups/hand_over.html", group=group, others=others, labels=LABELS)
    if not request.form.get("person"):
        raise Refused("Choose who runs the group next.")
    chosen = access.member_of(web.db(), group, request.form["person"])
    operations.hand_over(web.db(), group=group, person_id=chosen.person_id, actor_id=me)
    flash("The group has its new convenor. You have left it. Thank you.", "success")
    return web.see_other("events.group_page", slug=group.slug)

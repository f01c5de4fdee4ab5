"""A group's notes: reading them with their earlier versions, writing, checking."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request

from campaign.foundation import web
from campaign.groups import access, forms, operations, queries
from campaign.groups.models import Group, GroupNote
from campaign.people.rules import Action, Standing, may


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/groups/<slug>/notes")(notes)
    blueprint.route("/groups/<slug>/notes/new", methods=["GET", "POST"])(new_note)
    blueprint.get("/groups/<slug>/notes/<note_id>")(note)
    blueprint.route("/groups/<slug>/notes/<note_id>/edit", methods=["GET", "POST"])(edit_note)
    blueprint.post("/groups/<slug>/notes/<note_id>/publish")(publish_note)
    blueprint.post("/groups/<slug>/notes/<note_id>/decline")(decline_note)


@web.public
def notes(slug: str) -> Response:
    """What the group wrote down; what waits for a check stands there for its team."""
    group = access.group_to_see(web.db(), slug)
    may_write = may(Action.WRITE_NOTE, _standings(group))
    return web.page(
        "groups/notes.html",
        group=group,
        notes=queries.notes_of(web.db(), group.id),
        proposed=queries.notes_of(web.db(), group.id, state="proposed") if may_write else [],
        may_write=may_write,
    )


@web.public
def note(slug: str, note_id: str) -> Response:
    """One note; ``version`` shows an earlier one, which everybody may read too."""
    group = access.group_to_see(web.db(), slug)
    held = access.note_to_see(web.db(), group, note_id, web.visitor().person_id)
    versions = held.revisions
    if held.state == "published":
        versions = [one for one in versions if one.number >= (held.shown_from or 1)]
    wanted = request.args.get("version", type=int)
    shown = next((one for one in versions if one.number == wanted), versions[-1])
    standings = _standings(group)
    return web.page(
        "groups/note.html",
        group=group,
        note=held,
        shown=shown,
        versions=versions,
        may_check=may(Action.MANAGE_GROUP, standings),
        may_edit=_may_edit(held, standings),
    )


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def new_note(slug: str) -> Response:
    """Write a note: a convenor's stands at once, an organiser's after a convenor's check."""
    me = web.visitor().person_id
    group = access.group_to_write_for(web.db(), slug, me)
    checked = may(Action.MANAGE_GROUP, _standings(group))
    form = forms.NoteForm()
    if form.validate_on_submit():
        made = operations.write_note(
            web.db(),
            group=group,
            title=form.title.data,
            text=form.text.data,
            author_id=me,
            checked=checked,
        )
        flash("Published." if checked else "A convenor will look at it.", "success")
        return web.see_other("groups.note", slug=group.slug, note_id=made.public_id)
    return web.page(
        "groups/note_edit.html", form.code, form=form, group=group, note=None, checked=checked
    )


@web.keeps_typing
@web.needs(web.SIGNED_IN)
def edit_note(slug: str, note_id: str) -> Response:
    """A new version of a note."""
    me = web.visitor().person_id
    group = access.group_to_write_for(web.db(), slug, me)
    held = access.note_to_edit(web.db(), group, note_id, me)
    newest = held.revisions[-1]
    form = forms.NoteForm(title=newest.title, text=newest.text, seen=str(newest.number))
    if form.validate_on_submit():
        with form.refusals():
            operations.rewrite_note(
                web.db(),
                note=held,
                seen=_number(form.seen.data),
                title=form.title.data,
                text=form.text.data,
                author_id=me,
            )
            flash("Saved. The earlier version stays readable.", "success")
            return web.see_other("groups.note", slug=group.slug, note_id=held.public_id)
    checked = held.state == "published"
    return web.page(
        "groups/note_edit.html", form.code, form=form, group=group, note=held, checked=checked
    )


@web.needs(web.SIGNED_IN)
def publish_note(slug: str, note_id: str) -> Response:
    """A convenor has read it: everybody may."""
    me = web.visitor().person_id
    group = access.group_to_manage(web.db(), slug, me)
    held = access.note_to_see(web.db(), group, note_id, me)
    seen = _number(request.form.get("seen"))
    operations.publish_note(web.db(), note=held, actor_id=me, seen=seen)
    flash("Published. Everybody can read it.", "success")
    return web.see_other("groups.note", slug=group.slug, note_id=held.public_id)


@web.needs(web.SIGNED_IN)
def decline_note(slug: str, note_id: str) -> Response:
    """A convenor leaves it out."""
    me = web.visitor().person_id
    group = access.group_to_manage(web.db(), slug, me)
    held = access.note_to_see(web.db(), group, note_id, me)
    operations.decline_note(web.db(), note=held, actor_id=me)
    flash("The note stays unpublished.", "success")
    return web.see_other("groups.notes", slug=group.slug)


def _standings(group: Group) -> set[Standing]:
    return queries.standings_in(web.db(), group.id, web.visitor().person_id)


def _may_edit(note: GroupNote, standings: set[Standing]) -> bool:
    action = Action.MANAGE_GROUP if note.state == "published" else Action.WRITE_NOTE
    return may(action, standings)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0

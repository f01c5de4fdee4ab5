"""Writing to a group, as far as it says that people may."""

from __future__ import annotations

from flask import Blueprint, Response, flash

from campaign.foundation import limits, web
from campaign.foundation.letters import LetterWriter
from campaign.groups import access, forms
from campaign.groups.messages import Mail, Written
from campaign.groups.operations.writing import write_to_group

SENT = "Thank you. It is on its way to who runs the group; they answer by mail."


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.route("/groups/<slug>/write", methods=["GET", "POST"])(write)


@web.public
def write(slug: str) -> Response:
    """A letter to who runs the group. Their addresses stay theirs; the writer's goes along."""
    me, form = web.visitor(), forms.WriteForm()
    # Looked up apart: limits are counted before the request holds the database.
    with web.house().database.reading() as db:
        access.group_to_write_to(db, slug, me.person_id)
    if not form.is_submitted() and me.is_authenticated:
        form.name.data, form.email.data = me.name, me.email
    if form.validate_on_submit():
        if not form.website.data:  # a machine fills the field that no person sees
            _write(slug, form)
        flash(SENT, "success")
        return web.see_other("events.group_page", slug=slug)
    group = access.group_to_write_to(web.db(), slug, me.person_id)
    return web.page("groups/write.html", form.code, form=form, group=group)


def _write(slug: str, form: forms.WriteForm) -> None:
    web.limit_address(limits.GROUP_LETTERS)
    web.limit(limits.GROUP_LETTERS, f"address:{form.email.data}")
    write_to_group(
        web.db(),
        group=access.group_to_write_to(web.db(), slug, web.visitor().person_id),
        written=Written(form.name.data, form.email.data, form.text.data),
        mail=Mail(LetterWriter(web.settings()), web.settings().base_url),
        once=form.once,
    )

"""A site of sample pages: every layout and every component once, with nothing behind them."""

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, flash, render_template
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
PAGES = ["events", "form", "lead", "call", "plain", "wrong"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'; object-src 'none'"
)


@dataclass
class Need:
    tone: str
    words: str
    icon: str = ""


@dataclass
class Card:
    public_id: str
    title: str
    when: str
    where: str
    need: Need
    kind_label: str = "Phonebank"
    kind_icon: str = "phone"
    group_name: str = "Fair Rents Brighton Pavilion"
    taken: int = 9
    capacity: int | None = 12
    full: bool = False
    url: str = "/wrong"
    signup_url: str = "/form"
    signup_label: str = ""
    distance: str = field(default="0.6 km")


CARDS = [
    Card(
        "kq7m2wdx9a",
        "Ring round Hove for the rents vote",
        "Thu 26 Nov, 18:30–20:30",
        "Brighthelm Centre, North Road",
        Need("short", "Needs 3 more callers"),
    ),
    Card(
        "c4tz8hpb3n",
        "Doors in Hanover and Elm Grove",
        "Sat 28 Nov, 11:00–13:00",
        "Meet at The Level, by the café",
        Need("one", "Needs 1 more person"),
        kind_label="Canvass",
        kind_icon="footprints",
    ),
    Card(
        "w9ye5rkd7j",
        "Sussex campaign meetup",
        "Thu 26 Nov, 19:00–20:30",
        "Friends’ Meeting House, Ship Street",
        Need("full", "Full: join the waiting list"),
        kind_label="Campaign meetup",
        kind_icon="users",
        taken=220,
        capacity=220,
        full=True,
    ),
    Card(
        "p3fn6vxa2s",
        "Your first call: a practice hour",
        "Wed 25 Nov, 19:30–20:30",
        "Online: the link is on your page 30 minutes before",
        Need("met", "Has enough, room for you"),
        kind_label="Training",
        kind_icon="graduation-cap",
        capacity=None,
        distance="",
    ),
]


ANSWERS = [SelectChoice("yes", "Yes, I’ll come"), SelectChoice("no", "Not now")]


class SampleForm(FlaskForm):
    name = StringField("Your name", [InputRequired("Write the name we should call you by.")])
    email = EmailField("Email", [InputRequired("Write your email, like bea@people.example.")])
    town = SelectField("Town", choices=["Brighton", "Hove", "Lewes"])
    day = RadioField("Day", choices=[SelectChoice("sat", "Sat 28"), SelectChoice("sun", "Sun 29")])
    answer = RadioField("Could you come?", choices=ANSWERS)
    note = TextAreaField("Note", [Length(max=10)], description="Only the host reads it.")
    agreed = BooleanField("Write to me about events near me")


def sample_app(brand: str = "#c4114e") -> Flask:
    """The sample site; `brand` is the operator's colour."""
    app = Flask("sample", static_folder=str(ROOT / "static"))
    app.secret_key = "not a secret: nothing is kept here"
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.jinja_loader = ChoiceLoader(  # type: ignore[assignment]
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(SAMPLES)]
    )
    app.jinja_env.globals["csrf_token"] = lambda: "sample-token"

    @app.context_processor
    def everywhere() -> dict[str, object]:
        imprint = "Published and promoted by Rosa Whitlock for Fair Rents, 14 Example Street."
        return {"movement_name": "Fair Rents", "imprint": imprint, "is_development": True}

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    _add_named_places(app, brand)
    _add_pages(app)
    return app


def _add_named_places(app: Flask, brand: str) -> None:
    def nothing() -> str:
        return ""

    places = "home.front events.index phonebanks.index groups.index people.sign_in home.me"
    for (
        endpoint
    ) in f"{places} phonebanks.agreement home.privacy people.do_not_call conduct.report".split():
        app.add_url_rule("/" + endpoint.replace(".", "/"), endpoint, nothing)

    @app.get("/brand.css", endpoint="home.brand_css")
    def brand_css() -> Response:
        return Response(f":root {{ --brand: {brand}; }}", mimetype="text/css")


def _add_pages(app: Flask) -> None:
    def show(page: str) -> str:
        form = SampleForm(data={"name": "", "note": "too long a note for this"})
        if page == "form":
            form.validate()
        if page == "lead":
            flash("Saved. Everybody on the list has been told.", "success")
        facts = {"status": 404, "heading": "There is nothing here", "steps": []}
        facts["sentence"] = "The address may be mistyped, or the event may be over."
        return render_template(f"{page}.html", cards=CARDS, form=form, **facts)

    def answer(status: int) -> tuple[str, int]:
        facts = {"heading": f"Answer {status}", "sentence": "Try it like this.", "steps": []}
        return render_template("errors/_error.html", **facts), status

    app.add_url_rule("/answer/<int:status>", "answer", answer)
    app.add_url_rule("/<any(events,form,lead,call,plain,wrong):page>", "show", show)

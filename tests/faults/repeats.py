"""The same request again and again: one row, the same answer; another answer is a conflict."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from campaign.phonebanks.models import Call, Contact
from tests.faults.site import Phone, built
from tests.faults.stores import Store

SAME, OTHER, TRIPLES = 50, 50, 500
CLIENTS = 20


def run(store: Store, folder: Path, *, calls: int) -> dict[str, int]:
    """Fifty like and fifty unlike reports of one claim, then everything three times at once."""
    del calls
    with built(store, folder, callers=CLIENTS + 1, people_each=TRIPLES + 200, workers=2) as (
        site,
        banks,
    ):
        found = _one_claim(Phone(site, CLIENTS), banks[0])
        phones = [Phone(site, n) for n in range(CLIENTS)]
        found |= _triplicate(phones, banks[0])
        with site.database.reading() as db:
            by_caller = (
                select(func.count())
                .select_from(Contact)
                .where(Contact.state == "claimed")
                .group_by(Contact.claimed_by)
                .having(func.count() > 1)
            )
            found["callers with two"] = len(list(db.scalars(by_caller)))
            stored = select(func.count()).select_from(Call).where(Call.status == "reported")
            found["rows missing or too many"] = (db.scalar(stored) or 0) - TRIPLES - 1
        return found


def _at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """All of these at the same moment; their answers in order."""
    ready = threading.Barrier(len(tasks))

    def one(task: Callable[[], Any]) -> Any:
        ready.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(one, tasks))


def _one_claim(phone: Phone, bank: str) -> dict[str, int]:
    claim = phone.post(f"/phonebanks/{bank}/claims").json()["claim"]["id"]
    phone.post(f"/claims/{claim}/reveal")
    key = str(uuid.uuid4())

    def report(outcome: str, uuid_: str) -> Any:
        return phone.post(
            f"/claims/{claim}/outcome", outcome=outcome, client_uuid=uuid_, then="stop"
        )

    first = report("talked", key)
    like = [lambda: report("talked", key) for _ in range(SAME)]
    unlike = [lambda: report("no_answer", str(uuid.uuid4())) for _ in range(OTHER)]
    answers = _at_once([*like, *unlike])
    said = first.json()["saved"]
    return {
        "like answers": len(like),
        "like answers that differ": sum(
            one.status_code != 200 or one.json()["saved"] != said for one in answers[:SAME]
        ),
        "unlike answers": len(unlike),
        "unlike answers that are no conflict with the stored one": sum(
            one.status_code != 409 or one.json()["saved"]["outcome"] != "talked"
            for one in answers[SAME:]
        ),
    }


def _triplicate(phones: list[Phone], bank: str) -> dict[str, int]:
    """Each caller sends claim, reveal and report three times at once; the three must agree."""
    rounds, disagreed, requests = TRIPLES // len(phones), 0, 0

    def thrice(send: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(3) as pool:
            return [answer.json() for answer in pool.map(lambda _: send(), range(3))]

    def ring(phone: Phone) -> tuple[int, int]:
        differ = sent = 0
        for _ in range(rounds):
            claims = thrice(lambda: phone.post(f"/phonebanks/{bank}/claims"))
            claim = claims[0]["claim"]["id"]
            differ += any(one["claim"]["id"] != claim for one in claims)
            phone.post(f"/claims/{claim}/reveal")
            key = str(uuid.uuid4())
            saved = thrice(
                lambda: phone.post(
                    f"/claims/{claim}/outcome",  # noqa: B023
                    outcome="talked",
                    client_uuid=key,  # noqa: B023
                    then="next",
                )
            )
            differ += any(one["saved"] != saved[0]["saved"] for one in saved)
            handed = {one["claim"]["id"] for one in saved if one["claim"]}
            differ += len(handed) > 1
            sent += 7
        return differ, sent

    with ThreadPoolExecutor(len(phones)) as pool:
        for differ, sent in pool.map(ring, phones):
            disagreed, requests = disagreed + differ, requests + sent
    return {
        "reports in triplicate": rounds * len(phones),
        "requests": requests,
        "disagreed": disagreed,
    }

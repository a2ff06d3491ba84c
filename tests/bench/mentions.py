"""A fire hose made up: English posts about Acme and others, the same for the same seed and moment."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

SPAN = 3 * 86_400_000
"""Milliseconds over which the posts are spread, up to the moment given."""

NETWORKS = ("mastodon", "bluesky", "x", "reddit", "threads")
_NETWORK_WEIGHTS = tuple(accumulate((30, 25, 25, 12, 8)))

_REPLIES = 0.10
_HEAD = 50
"""Without it the busiest account would write five posts in a hundred."""

_RECENT = 200
"""Replies answer one of this many newest posts, as threads do."""

_OPENINGS = (
    "@AcmeCustServ",
    "@AcmeCustServ hello,",
    "@Acme seriously?",
    "Hey @AcmeCustServ",
    "Hi @AcmeCustServ, quick one:",
    "Dear Acme,",
    "So Acme",
    "Just to let you know,",
    "Morning all.",
    "Anyone else?",
    "Honest question:",
    "Well,",
    "Update:",
    "Not sure who to ask but",
    "Long day.",
    "My neighbour was right,",
)
_TROUBLES = (
    "my {thing} stopped working after {n} days and nobody answers the phone in {city}",
    "the {thing} I bought in {month} is broken again, that is the {nth} time this year",
    "order AC-{order} still has not arrived, tracking has said 'in transit' since {day}",
    "the app keeps crashing whenever I open the {part} page on my {phone}",
    "battery of the {thing} drains in {n} hours, it used to last all week before the last update",
    "my {thing} won't connect to the wifi in the {room} since {day} morning",
    "I was charged {n} times for one {thing} and support told me to wait {n} more days",
    "is the service down in {city}? nothing loads here and the status page says all is well",
    "waited {n} minutes on hold about the {part} and then the line went dead",
    "the {part} of the {thing} came cracked out of the box, what a way to start the week",
)
_QUESTIONS = (
    "does the {thing} work with the old {part} or do I need the new one from {month}?",
    "how long is the warranty on the {thing}, and does it cover the {part}?",
    "when will the {thing} be back in stock in {city}? the shop said {day}",
    "can I return a {thing} without the {part} if I still have the receipt for order AC-{order}?",
    "what is the difference between the {thing} and the one they sold in {month}, apart from the {part}?",
)
_PRAISE = (
    "the {thing} has been brilliant so far, {n} months in and the {part} still looks new",
    "the technician in {city} fixed the {part} in {n} minutes and was lovely to the kids, thank you",
    "love the new {thing}, the {part} is so much better than last {month}",
    "shout out to whoever packed my {thing}, arrived a day early on {day}",
)
_ELSEWHERE = (
    "train to {city} delayed again by {n} minutes, reading about {thing}s instead",
    "watching the match in {city} with a cold drink and {n} friends, what a {day}",
    "our {room} finally has new paint, only took us from {month} until now",
    "globex shipped me the wrong {part} and their chat bot is called {name}, of course",
    "initech says the update for my {phone} comes in {month}, not holding my breath",
    "the bakery round the corner in {city} sells {n} kinds of bread and I intend to try each of them",
    "{name} and I walked {n} miles along the river on {day} and saw a heron",
)
_TAILS = (
    "",
    "",
    "Any idea what I could try before I send it back?",
    "Please look into it, {name} at the desk could not.",
    "Happy to send the serial number if that helps.",
    "This is getting silly!!",
    "Not urgent, only curious.",
    "I have been a customer for {n} years and have never had this before.",
    "Others in {city} seem to have the very same thing.",
    "Thanks in advance 🙂",
    "Photos here: https://pics.example.org/{order}/{n}",
    "#Acme #{month}",
    "😡",
    "Will report back on {day}.",
)
_REPLY_TEXTS = (
    "same here, my {thing} does exactly that since {day}. {tail}",
    "have you tried to take the {part} off for {n} minutes? worked for me. {tail}",
    "so is mine, the {nth} one already. {tail}",
    "thanks {name}, that helped a lot, the {part} is fine again. {tail}",
    "no luck here either, {city} as well. {tail}",
    "I sent them a message about order AC-{order} and they answered within {n} hours. {tail}",
)
_SLOTS: dict[str, tuple[str, ...]] = {
    "thing": ("widget", "Acme widget", "powerhub", "gizmo", "charger", "widget", "kettle", "router", "lamp"),
    "part": ("hinge", "cable", "dock", "display", "billing", "handle", "filter", "settings", "strap", "lid"),
    "city": ("Leeds", "Bristol", "Cork", "Austin", "Denver", "Perth", "Glasgow", "Toronto", "Pune", "Lagos"),
    "month": ("January", "March", "April", "June", "August", "October", "December"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "room": ("kitchen", "garage", "attic", "office", "bedroom", "shed"),
    "phone": ("Pixel", "iPhone", "old Nokia", "tablet", "Fairphone"),
    "nth": ("second", "third", "fourth", "fifth"),
    "name": ("Ada", "Bo", "Carmen", "Dev", "Ewa", "Femi", "Gus", "Hana", "Iris", "Jonas"),
}
_BODIES = (_TROUBLES, _QUESTIONS, _PRAISE, _ELSEWHERE)
_BODY_WEIGHTS = tuple(accumulate((40, 15, 10, 35)))


@dataclass(frozen=True, slots=True)
class Row:
    """One generated post: the columns that a plain table would hold, and the line that socialdesk reads."""

    network: str
    external_id: str
    author: str
    created: int
    text: str
    reply_to: str | None
    line: str


def generate(rows: int, until: int, seed: int = 1) -> Iterator[Row]:
    """`rows` posts of the three days before `until` (UTC milliseconds), about 143 characters each.

    A tenth are replies in threads; authors follow Zipf's law, so that a few write very often.
    """
    chance = random.Random(seed)
    recent: list[tuple[str, str]] = []
    step = SPAN / max(1, rows)
    for number in range(rows):
        created = int(until - SPAN + number * step)
        reply_to = None
        if recent and chance.random() < _REPLIES:
            network, reply_to = recent[int(chance.random() * len(recent))]
            text = _filled(chance, _pick(chance, _REPLY_TEXTS))
        else:
            network = chance.choices(NETWORKS, cum_weights=_NETWORK_WEIGHTS)[0]
            text = _post(chance)
        author = _author(chance, rows)
        external = f"{network[0]}{number:09d}"
        if len(recent) < _RECENT:
            recent.append((network, external))
        else:
            recent[number % _RECENT] = (network, external)
        line = _line(network, external, author, created, text, reply_to)
        yield Row(network, external, f"user{author}", created, text, reply_to, line)


def write(path: Path, rows: int, until: int, seed: int = 1) -> None:
    """The posts as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(row.line for row in generate(rows, until, seed))


def _author(chance: random.Random, rows: int) -> int:
    """A number that is small very often: Zipf's law over `rows` accounts, its head flattened (Mandelbrot)."""
    return int(_HEAD * ((rows + _HEAD) / _HEAD) ** chance.random()) - _HEAD


def _followers(author: int) -> int:
    """An account's followers, always the same; most have a few hundred, one in some thousand very many."""
    mixed = author * 2_654_435_761 % 4_294_967_296
    return int(10 ** (1 + 3.8 * (mixed / 4_294_967_296) ** 1.5))


def _post(chance: random.Random) -> str:
    bodies = chance.choices(_BODIES, cum_weights=_BODY_WEIGHTS)[0]
    opening = _pick(chance, _OPENINGS) if bodies is not _ELSEWHERE else _pick(chance, _OPENINGS[8:])
    told = [opening, _filled(chance, _pick(chance, bodies)) + "."]
    told += [_filled(chance, _pick(chance, _TAILS)) for _ in range(2)]
    return " ".join(part for part in told if part)


def _pick(chance: random.Random, words: tuple[str, ...]) -> str:
    return words[int(chance.random() * len(words))]


def _filled(chance: random.Random, template: str) -> str:
    while (start := template.find("{")) >= 0:
        end = template.index("}", start)
        template = template[:start] + _word(chance, template[start + 1 : end]) + template[end + 1 :]
    return template.rstrip()


def _word(chance: random.Random, slot: str) -> str:
    if slot == "n":
        return str(2 + int(chance.random() * 58))
    if slot == "order":
        return str(100_000 + int(chance.random() * 900_000))
    if slot == "tail":
        return _pick(chance, _TAILS)
    return _pick(chance, _SLOTS[slot])


def _line(network: str, external: str, author: int, created: int, text: str, reply_to: str | None) -> str:
    mention: dict[str, object] = {
        "id": external,
        "text": text,
        "author": f"user{author}",
        "created": datetime.fromtimestamp(created / 1000, UTC).isoformat(timespec="seconds"),
        "network": network,
        "name": f"User {author}",
        "followers": _followers(author),
        "language": "en",
        "metrics": {"likes": author % 7, "reposts": author % 3},
    }
    if reply_to is not None:
        mention["reply_to"] = reply_to
    return json.dumps(mention, ensure_ascii=False) + "\n"

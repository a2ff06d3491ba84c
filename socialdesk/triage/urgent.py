"""Triage room: how urgent a conversation is, as a sum of bounded terms that can be read aloud."""

from __future__ import annotations

from socialdesk.model import Evidence, Feeling, Relation, Sentiment, Signals

CRITICAL_FROM = 90
"""Critical conversations stand from 90 to 100, all others below."""

HALF_LIFE = 60.0
"""Minutes before the deadline at which time counts half of what it counts when it is over."""

_RELATION = {Relation.TO_US: 15.0, Relation.ABOUT_US: 5.0}
_FEELING = {Feeling.BELLIGERENT: 14.0, Feeling.UPSET: 12.0}
_SENTIMENT = {Sentiment.NEGATIVE: 6.0}
TIME, RISK, REACH, VALUE, CONTACTS = 25.0, 18.0, 10.0, 5.0, 8.0
"""What each term counts at most. Time outweighs reach and value together, so that an ordinary person
whose answer is due goes before a celebrity whose is not."""

SPAM_SHARE = 0.2


def urgency(
    signals: Signals, critical: bool, minutes_left: float | None, contacts: int
) -> tuple[int, tuple[Evidence, ...]]:
    """0 to 100 and its terms; `minutes_left` to the next deadline (negative: missed, None: no clock).

    `contacts` counts how often this person wrote about it, the message itself included.
    """
    terms = [
        ("relation", str(signals.relation), _RELATION.get(signals.relation, 0.0)),
        ("feeling", str(signals.feeling), _FEELING.get(signals.feeling, 0.0)),
        ("sentiment", str(signals.sentiment), _SENTIMENT.get(signals.sentiment, 0.0)),
        ("risk", ", ".join(signals.risks), RISK if signals.risks else 0.0),
        ("time left", _minutes(minutes_left), TIME * _pressure(minutes_left)),
        ("reach", str(signals.reach), REACH * signals.reach / 100),
        ("customer", "vip" if signals.vip else "advocate", VALUE if signals.vip or signals.advocate else 0.0),
        ("contacts", str(contacts), min(CONTACTS, 4.0 * max(0, contacts - 1))),
    ]
    total = sum(points for _, _, points in terms)
    if signals.spam:
        terms.append(("spam", "looks like spam", total * SPAM_SHARE - total))
        total *= SPAM_SHARE
    if critical:
        pinned = CRITICAL_FROM + total / 10
        terms.append(("critical", "pinned", pinned - total))
        total = pinned
    elif total > CRITICAL_FROM - 1:
        terms.append(("limit", "only critical ones go higher", CRITICAL_FROM - 1 - total))
        total = CRITICAL_FROM - 1
    evidence = tuple(
        Evidence("urgency", name, value, number=round(points, 1)) for name, value, points in terms if points
    )
    return max(0, min(100, round(total))), evidence


def _pressure(minutes_left: float | None) -> float:
    if minutes_left is None:
        return 0.0
    return 1.0 if minutes_left <= 0 else HALF_LIFE / (HALF_LIFE + minutes_left)


def _minutes(minutes_left: float | None) -> str:
    if minutes_left is None:
        return "no deadline"
    return "missed" if minutes_left <= 0 else f"{minutes_left:.0f} min"

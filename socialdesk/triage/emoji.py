"""Triage room: the mood of emoji, the one language every customer writes."""

from __future__ import annotations

import re

_MOODS = {
    1.0: "😍🥰😘🤩🥳❤🧡💛💚💙💜🖤🤍🤎💖💗💕💞💓💝💘😻♥🎉🎊🏆",
    0.8: "😀😃😄😁😊☺🙂😇😂🤣😆🤗👏🙌👍🙏💪🔥⭐🌟✨💯🥂🍻🎁🌹💐😎🤟😸😺",
    0.4: "😉😋😜😝😛🤪👌✅✔👋🤝🤞🙋😌🫶🫡💫☀🌈🍀",
    -0.3: "🙄😐😑😶😕🤔🤨😬🥱😴🤷🤦😏🙃😮😯😳⏰⌛⏳🫤🐌❓❗‼⚠",
    -0.7: "😒😞😔😟🙁☹😣😖😫😩🥺😢😥😰😨😧😦😓😪🤒🤕🥴💔😿👎❌🚫🆘🫠",
    -1.0: "😠😡🤬😤😭😱🤮🤢💩🖕👿😈💀☠🤥🤡😾🗑",
}

MOOD = {sign: mood for mood, signs in _MOODS.items() for sign in signs}
"""Each emoji's mood from -1 to 1, set by what customers of a care team mean by it; others are neutral."""

# Everything drawn as a picture; digits, arrows and letters in circles are left out.
_SIGN = re.compile(
    "[\u203c\u2049\u231a\u231b\u23e9-\u23f3\u2600-\u27bf\u2b50\u2b55\u2764\u2665\U0001f000-\U0001f0ff\U0001f191-\U0001f19a"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001faff]"
)


def emoji_mood(text: str) -> tuple[float, int]:
    """The sum of the moods of the emoji in `text`, and how many emoji it has."""
    signs = _SIGN.findall(text)
    if not signs:
        return 0.0, 0
    return round(sum(MOOD.get(sign, 0.0) for sign in signs), 3), len(signs)


def telling_emoji(text: str) -> list[tuple[int, float]]:
    """Position and mood of every emoji in `text` that has a mood."""
    return [(found.start(), MOOD[found[0]]) for found in _SIGN.finditer(text) if found[0] in MOOD]

"""Triage room: whether a text is English enough for an English lexicon to judge it."""

from __future__ import annotations

import re

_UNKNOWN = frozenset({"und", "mul", "mis", "zxx", "art", "qme", "qht", "qam", "qct", "qst"})
"""Tags that say 'no idea': ISO 639's own and the ones X uses for links, hashtags and names alone."""

# Letters of every script but Latin (Vietnamese and phonetic letters are Latin, mathematical ones too).
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2c5f\u2c80-\u2dff\u3041-\u30ff\u3105-\ua6ff\ua800-\ud7ff\uf900-\ufaff"
    "\ufb1d-\ufdff\ufe70-\ufefc\uff66-\uffdc\U00010300-\U0001d3ff\U0001e900-\U0001e95f\U00020000-\U0003ffff]"
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")

# Small words that no other language on the list of the other side has, so that one is a hint.
_ENGLISH_WORDS = (
    "the and is are was were my your our his her their you we they it's i'm i've i'll it this that these "
    "those of to with from have has had for not don't can't what when why how which who would could should "
    "been being just please thanks thank help i"
)
_FOREIGN_WORDS = (
    # German, Dutch
    "der das und ist nicht ich ihr euch mein meine meinen eure euer ein eine einen seit mit für auf auch "
    "noch immer kein keine wurde habe haben bitte danke vielen wann warum geht über sehr schon nichts bei "
    "wir sie het een niet ik jullie mijn voor maar wordt graag geen zijn heb dank "
    # French
    "les des est pas je vous nous mon mes votre vos une depuis avec pour mais toujours merci c'est j'ai "
    "n'est très rien encore sont bonjour quand pourquoi aucun aucune cette ça "
    # Spanish, Portuguese
    "el los las una es por para pero mi mis muy gracias llevo desde hace está están nada porque cuando "
    "esto esta hola ustedes que con uma um não meu minha vocês obrigado obrigada você muito então são isso "
    # Italian
    "il gli che non è sono della del grazie ancora mio mia perché anche questo sempre quando ho ciao "
    # Polish, Turkish, the Nordic languages, Indonesian
    "nie jest się dziękuję bardzo dlaczego bir bu için çok değil teşekkürler neden jag är inte och det jeg "
    "ikke tack takk saya tidak yang kenapa terima kasih"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(_FOREIGN_WORDS.split())


def primary(language: str | None) -> str | None:
    """The language of a network's tag in lower case ("en" of "en-GB"); None where the tag says nothing."""
    if not language:
        return None
    tag = language.replace("_", "-").partition("-")[0].strip().lower()
    return None if not tag or tag in _UNKNOWN else tag


def is_english(text: str, language: str | None) -> bool:
    """Whether an English lexicon may judge `text`: by the network's tag, else by script and small words."""
    tag = primary(language)
    if tag is not None:
        return tag in ("en", "eng")
    if not text.isascii():
        others = len(_OTHER_SCRIPT.findall(text))
        # One Chinese sign carries what three Latin letters do.
        if others and others * 3 >= len(_LATIN.findall(text)):
            return False
    words = text.lower().split()
    if _FOREIGN.isdisjoint(words):
        return True
    return len(_FOREIGN.intersection(words)) <= len(_ENGLISH.intersection(words))

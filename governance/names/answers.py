"""Names that were asked for: a turn of a conversation that answers "can I get your name?", and names behind "the name on
it is" and the like, in small letters too ("danielle okoro", "k m prendergast").

Data and rules for Latin letters and Cyrillic; other scripts have no small letters, so their names are told anyway.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from governance.names.block import LETTER, Block, Found
from governance.names.latin_hash import hash_words
from governance.names.latin_words import lexicon
from governance.names.lexicon import Flag, fold_word
from governance.recognisers.automata import automaton, cut
from governance.recognisers.engine import buffers
from governance.recognisers.later import later

RECOGNISER = "names_asked"

#: Words by which somebody is asked for a name; the rest of the line may ask for more.
_ASKS = (
    "(?:your|ur|the|customer|contact|delivery|billing|full|first|last|given|family|account|card ?holder'?s?|recipient'?s?|receiver'?s?|sender'?s?|whose|what|with|confirm|verify|provide|have|get) (?:(?:full|first|last|given|family|account|order|good|sur) ?)?(?:name|surname)|"
    "name (?:and|please|pls|plz|for the|on the|of the)|who am i (?:speaking|talking|chatting) (?:to|with)|who is this|"
    "(?:su|tu|el|cuál es|cual es|me dice|indique|indica|confirme|me da|me regala|me das|me confirma) (?:su |tu |el )?nombre|con qui[eé]n (?:tengo el gusto|hablo)|a nombre de qui[eé]n|nombre completo|nombre y (?:apellidos?|n[uú]mero|tel)|"
    "(?:seu|o|teu|qual|informe|confirma|confirme|me passa|me informa|diga) (?:o |é o |e o )?(?:seu )?nome|nome completo|com quem (?:eu )?(?:falo|estou)|em nome de quem|"
    "(?:nama (?:lengkap|kakak|bapak|ibu|kak|pemesan|penerima|penuh|puan|tuan|encik|cik|kk)|atas nama|(?:boleh|minta|mohon|dengan|tahu|sebut|sebutkan|beri|bagi|info|siapa) (?:tahu |kami |kita )?(?:nama|kak siapa|siapa))"
)
_TURN = "[ \\t]*(?:\\[?\\(?[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?\\)?\\]?[ ,-]{0,3})?(?:[^\\n:：,.]{1,24}[:：>] ?)?"
_OPENS = (
    "(?i:(?:hi|hello|hey|yes|yeah|yep|sure|ok|okay|of course|well|its|it's|it is|i'm|i am|im|this is|my name is|my name's|name is|name|the name is|sí|si|claro|hola|soy|me llamo|mi nombre es|es|"
    "sim|oi|olá|ola|sou o|sou a|sou|meu nome é|meu nome e|é|aqui é|ya|iya|halo|hai|nama saya|saya|nama|baik|boleh|dengan|atas nama|a\\.?n\\.?)[,:;.!]? )"
)
#: Answers to a question, and what is said to be a name.
_ANSWER = later(f"(?i:{_ASKS})[^\\n]{{0,80}}\\n{_TURN}{_OPENS}{{0,3}}")
_SAYS = later(
    "(?i:(?<![^\\W_])(?:names? (?:on (?:it|the (?:card|order|account|booking|parcel|package|reservation|ticket)|my (?:card|order|account|booking))|for the (?:order|booking|account|delivery))?(?: is|'s| ?[:=]|)? ?(?<= )|"
    "(?:booked|ordered|order|account|reservation|booking|registered|it'?s|placed|parcel|package) (?:is )?under (?:the name (?:of )?)?|under the name (?:of )?|in the name of|"
    "a nombre de|est[áa] a nombre de|em nome d[eo]|no nome d[eoa]|atas nama|pakai nama)(?: |(?<= )))"
)
#: A word of a name, or an initial.
_WORD = re.compile("[A-Za-zÀ-ɏ\u1ea0-\u1ef9]+(?:['’-][A-Za-zÀ-ɏ\u1ea0-\u1ef9]+)*")
_PARTICLES = frozenset("de del da das do dos la van der den von bin binti bt al el mc mac st ter di du le y e".split())
#: What people write behind a name.
_BEHIND = frozenset(
    "cheers thanks thank thx ta pls plz please hp tel phone mobile cell tracking order mbak pak bu kak mas bang sir madam gracias obrigado obrigada makasih terima porfa favor saludos abs and but with here".split()
)
_NAMES = int(Flag.GIVEN | Flag.FAMILY | Flag.MONO)
_WORDS = int(Flag.WORD | Flag.NOT | Flag.ORG)
_ENDS = re.compile("[ .]*(?:[,;\\n!?()/|]|\\Z|[0-9])")
_MOST = 5

NEEDLES = (
    "(?i)(name|nombre|nome|nama|siapa|who (am|is)|qui.{1,2}n|quem)[^\\n]{0,90}\\n",
    "(?i)(names? (on|for|is) |name'?s |name ?[:=]|under |name of |nombre de |em nome d|no nome d|atas nama|pakai nama)",
)
_PATTERNS = (_ANSWER, _SAYS)
_REACH = (200,) * len(NEEDLES)


def look(block: Block, backend: str) -> list[Found]:
    """Such names of a block, in those rows only that an automaton of a kind (`recognisers.automata`) points to."""
    rows = block.rows_with(LETTER)
    if not len(rows):
        return []
    texts = block.texts if len(rows) == len(block.texts) else block.texts.take(pa.array(rows))
    units = cut(*buffers(texts))
    found = automaton(backend, NEEDLES).candidates(units, _REACH)
    where = found.units if units.rows is None else units.rows[found.units]
    out: list[Found] = []
    for key in np.unique(rows[where] * len(NEEDLES) + found.which).tolist():
        row, which = divmod(key, len(NEEDLES))
        low, high = int(block.starts[row]), int(block.starts[row + 1]) - 1
        for one in _PATTERNS[which].finditer(block.text, low, high):
            end = _name(block.text, one.end(), high)
            if end > one.end():
                out.append(Found(one.end(), end, "PERSON", 0.7, RECOGNISER, "context"))
    return out


def _name(text: str, start: int, high: int) -> int:
    """Where the name ends that begins at ``start``; ``start`` where none does."""
    words: list[tuple[str, int]] = []
    at = start
    while len(words) < _MOST and (found := _WORD.match(text, at, high)):
        words.append((fold_word(found[0]), found.end()))
        at = found.end() + 1
        if text[found.end() : at] == "." and len(found[0]) <= 2:
            at += 1
            if text[at - 1 : at] != " ":
                break
        elif text[found.end() : at] != " ":
            break
    if not words:
        return start
    flags = lexicon().table.get(hash_words([word for word, _ in words])).tolist()
    taken, known, odd = 0, 0, 0
    for (word, _), flag in zip(words, flags, strict=True):
        named = bool(flag & _NAMES) and not flag & int(Flag.NOT)
        if word in _BEHIND or (flag & _WORDS and len(word) > 1 and word not in _PARTICLES and not (taken and named)):
            break
        if word in _PARTICLES and not taken:
            break
        known += bool(flag & _NAMES and not flag & _WORDS and len(word) > 2)
        odd += not flag and len(word) > 3
        taken += 1
    while taken and (words[taken - 1][0] in _PARTICLES or len(words[taken - 1][0]) == 1):
        taken -= 1
    if not taken:
        return start
    end = words[taken - 1][1]
    # A name that nobody knows is one where nothing else is said.
    whole = taken == len(words) and _ENDS.match(text, end, high) is not None
    return end if known or (odd and (taken > 1 or whole)) else start


__all__ = ["NEEDLES", "RECOGNISER", "look"]

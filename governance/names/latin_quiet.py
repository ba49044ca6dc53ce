"""Names in small letters that are words too, told by what stands beside them: "my name is mark", "tom whitfield",
"thanks, grace", "dr nguyen". Other names in small letters `governance.names.latin` knows by themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import Block
from governance.names.cues import SURNAME
from governance.names.latin_hash import Hasher, paired
from governance.names.latin_words import ALSO_NAMES, ALSO_WORD, BORNE, CALLED, CUE, Bools, Flags, Words, lexicon
from governance.names.lexicon import Flag, Ints
from governance.recognisers.later import later

#: How far what says so stands from a name, in code points.
_BEFORE, _AFTER = 32, 20
_BORNE = int(Flag.FAMILY | Flag.MONO)
_NOBODY = int(Flag.WORD | Flag.NOT | Flag.ORG | Flag.PLACE)
#: Words that are names only where something else says so: "sudah bagus", "did drew a line".
_VERBS = frozenset(
    "bill drew sue chase rob pat grant guy mercy faith bagus indah sekar untung teguh murni permata bunga rahmat kasih mega citra cahya bintang iman wahyu surya "
    "yoga satria mawar melati".split()
)
_STYLES = (
    "mr|mrs|ms|miss|mister|dr|doc|doctor|prof|professor|uncle|aunt|auntie|aunty|grandma|grandpa|granny|nurse|coach|captain|officer|sergeant|pastor|father|sister|brother|cousin|"
    "t[ií][oa]|don|do[ñn]a|dona|seu|se[ñn]or(?:a|ita)?|sra?|srta|dra|vov[oó]|abuel[oa]|primo|prima|bu|ibu|pak|bapak|mbak|mas|kak|kakak|bang|abang|om|tante|cik|encik|puan|sis|teh|teteh|kang"
)
#: Where a name is told of somebody, whatever follows.
_TOLD = later(
    f"(?i:(?<![^\\W_])(?:(?:{_STYLES})\\.? |(?:my|his|her|their|your|the) (?:\\w+ )?name(?:'s| is|:) |me llamo |mi nombre es |meu nome [eé] |me chamo |chamo-me |nama (?:saya|aku|gue) (?:adalah )?|names? is ))\\Z"
)
#: Fields of forms that hold a name.
_FIELD = later(
    "(?i:(?<![^\\W_])(?:(?:sur|first ?|last ?|full ?|user)?names?|customer|client|contact|recipient|receiver|sender|consignee|attn|ship to|deliver to|sold to|bill to|signed by|received by|driver|courier|agent|host|guest|"
    "passenger|patient|tenant|buyer|seller|nombre|nome|nama|cliente|destinat[aá]rio|contacto|contato|penerima|pengirim|pembeli) ?[:=#-] ?)\\Z"
)
_FILLED = later("\\s*(?:[,.;|()\\n\\t/]|\\Z)")
#: Where a name is told unless the text goes on: "i'm grace from the store", "thanks, mark".
_SAID = later(
    "(?i:(?<![^\\W_])(?:i'm|i am|im|i’m|this is|it's|it is|its|soy|sou|sou [oa]|soy la|soy el|aqu[ií] (?:es )?|ini|saya|aku) \\Z"
    "|(?:\\A|[\\n.!?] ?)(?:hi|hey|hello|dear|thanks|thank you|thx|ty|ok|okay|yes|no|sorry|morning|good (?:morning|afternoon|evening)|hola|oi|ol[aá]|bom dia|boa tarde|buen(?:os d[ií]as|as tardes)|gracias|obrigad[oa]|hai|halo|pagi|siang|terima kasih|makasih),? \\Z)"
)
_STOPS = later(
    "\\s*(?:[,.!?;:)\\n]|\\Z)|(?i: (?:from|here|calling|speaking|and (?:i|my|we)|your|with|again|at|y|e|de|da|don't|do not|can|could|i|my|dari|mau|ya)(?![^\\W_]))"
)
#: The end of a letter: "many thanks,\nmark".
_CLOSES = later(
    "(?i:(?<![^\\W_])(?:regards|thanks|thank you|thanks a lot|thx|cheers|best|wishes|sincerely|yours|love|xoxo|xx|saludos|gracias|atte|atentamente|abra[cç]os?|abs|obrigad[oa]|att|atenciosamente|salam|hormat saya|terima kasih|makasih)[,.!]*(?: ?\\n\\s*|,? ?[-–~] ?|, ))\\Z"
    "|\\n ?[-–~] ?\\Z"
)
_ENDS = later("[ .!]*(?:\\n|\\Z)")
#: Whom a person is spoken of as, or what is done with one, and how the text goes on.
_ROLE = later(
    "(?i:(?<![^\\W_])(?:driver|courier|agent|rep|manager|supervisor|doctor|friend|buddy|neighbou?r|boss|colleague|co-?worker|husband|wife|son|daughter|brother|sister|mom|dad|roommate|flatmate|teacher|therapist|assistant|cleaner|landlord|tenant|"
    "host|waiter|waitress|barber|guy|lady|man|woman|girl|boy|kid|baby|named|called|spoke (?:to|with)|talk(?:ed|ing)? (?:to|with)|call(?:ed)?|ask(?:ed)?|tell|told|met|email(?:ed)?|text(?:ed)?|thank|chat with|"
    "amig[oa]|vecin[oa]|vizinh[oa]|herman[oa]|irm[aã]o?|hij[oa]|filh[oa]|espos[oa]|marido|jef[ae]|chefe|chofer|repartidor|entregador|motorista|con|com),? \\(?)\\Z"
)
_GOES_ON = later(
    "\\)|\\s*(?:[,.!?;\\n]|\\Z)|(?i: (?:was|is|said|says|told|called|came|helped|did|didn't|has|had|from|at|who|about|that|to|and|again|yesterday|today|tomorrow|in|on|for|if|when|"
    "dijo|es|fue|me|que|y|disse|foi|[eé]|de|da|do)(?![^\\W_]))"
)


class _Beside(NamedTuple):
    """What stands before and behind a word of its row; a line's end where the row ends."""

    before: str
    after: str


def spoken_of(
    block: Block,
    words: Words,
    keys: Hasher,
    flags: Flags,
    member: Bools,
    edges: Ints,
    inside: Ints,
    coarse: npt.NDArray[np.uint8],
) -> None:
    """Make members of a run of names that are words too, and of family names behind a style.

    ``inside``: the words in small letters of quiet rows, ``coarse``: what the lexicon says of them at first sight.
    """
    hit = np.flatnonzero(coarse & (ALSO_WORD | BORNE))
    if not len(hit):
        return
    around = np.append(coarse, np.uint8(0))
    also, told = (coarse[hit] & ALSO_WORD) != 0, (around[hit - 1] & CUE) != 0
    # "mark jackson"; "- tom" in a line of its own.
    told |= also & ((around[hit + 1] & (BORNE | CALLED)) != 0)
    told |= also & (words.start[inside[hit]] - words.end[inside[hit] - 1] > 2)
    chosen = inside[hit[told]]
    chosen = chosen[~member[chosen]]
    if not len(chosen):
        return
    rows = np.searchsorted(edges, chosen, side="right") - 1
    families = _families(block, words, keys, flags, chosen, edges[rows + 1])
    for at, row, behind in zip(chosen.tolist(), rows.tolist(), families.tolist(), strict=True):
        if member[at]:
            continue
        word = block.text[words.start[at] : words.end[at]]
        beside = _beside(block, words, at, row)
        if word not in ALSO_NAMES:
            if flags[at] & _BORNE and _STYLED.search(beside.before):
                member[at] = True
                flags[at] &= ~np.uint32(Flag.PROPER)
            continue
        family = behind in (_SURELY, _MAYBE) or (behind == _UNKNOWN and _ending(block, words, at + 1, row))
        told = _told(word, beside, family=family)
        if told or (behind == _SURELY and word not in _VERBS):
            member[at], member[at + 1 : at + 2] = True, member[at + 1 : at + 2] | family
            flags[at] = flags[at] & ~np.uint32(_NOBODY) | np.uint32(Flag.GIVEN)
            if told and at > edges[row]:
                flags[at - 1] |= np.uint32(Flag.GREET)


_STYLED = later(f"(?i:(?<![^\\W_])(?:{_STYLES})\\.? )\\Z")


def _told(word: str, beside: _Beside, *, family: bool) -> bool:
    """Whether what stands beside a name that is a word too says that it is one."""
    before, after = beside
    if _TOLD.search(before) or (_FIELD.search(before) and (family or _FILLED.match(after))):
        return True
    if _CLOSES.search(before) and (family or _ENDS.match(after)):
        return True
    if _SAID.search(before) and (family or _STOPS.match(after)):
        return True
    return _ROLE.search(before) is not None and (family or (word not in _VERBS and _GOES_ON.match(after) is not None))


def _beside(block: Block, words: Words, at: int, row: int) -> _Beside:
    low, high = int(block.starts[row]), int(block.starts[row + 1]) - 1
    start, end = int(words.start[at]), int(words.end[at])
    before, after = block.text[max(low, start - _BEFORE) : start], block.text[end : min(high, end + _AFTER)]
    return _Beside(f"\n{before}" if start - _BEFORE <= low else before, f"{after}\n" if end + _AFTER >= high else after)


#: What stands behind a word: no name, a family name, a family name that is a word too, a word that nobody knows.
_NONE, _SURELY, _MAYBE, _UNKNOWN = range(4)


def _families(block: Block, words: Words, keys: Hasher, flags: Flags, at: Ints, stop: Ints) -> Ints:
    """What stands right behind some words, a space between, before ``stop``, and makes no brand with them; flags of all
    of them are looked up."""
    known, start, end = lexicon(), words.start, words.end
    following = np.minimum(at + 1, len(start) - 1)
    first, second = keys(start[at], end[at]), keys(start[following], end[following])
    flags[at], own = known.table.get(first), known.table.get(second)
    size = end[following] - start[following]
    near = (at + 1 < stop) & (start[following] - end[at] == 1) & (block.codes[end[at]] == ord(" ")) & (size > 2)
    flags[following[near]] = own[near]
    surely = ((own & _BORNE) != 0) & ((own & _NOBODY) == 0)
    out = np.where(surely, _SURELY, np.where((own & SURNAME) != 0, _MAYBE, _NONE))
    out[known.pairs.get(paired(first, second)) > 0] = _NONE
    out[(own == 0) & (size > 3)] = _UNKNOWN
    return np.where(near, out, _NONE)


def _ending(block: Block, words: Words, at: int, row: int) -> bool:
    """Whether nothing stands behind a word that it could belong to."""
    end = int(words.end[at])
    return _STOPS.match(block.text, end, min(int(block.starts[row + 1]) - 1, end + _AFTER)) is not None


__all__ = ["spoken_of"]

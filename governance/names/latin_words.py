"""Words in scripts with capitals: where they are, what the lexicon knows of them, and how they sound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names import latin_more, latin_names, latin_names_more, latin_things
from governance.names.block import JOIN, LETTER, SPACE, UPPER, Block
from governance.names.cues import CALL, CLAN, LATIN, NAMER, NOBODY, OWN, PLAIN, SURE, SYLLABLE, TALK
from governance.names.kept import kept
from governance.names.latin_cues import MORE, PAIRS
from governance.names.latin_hash import Letters, Table, folded, hash_words, paired
from governance.names.latin_ordinary import ORDINARY
from governance.names.lexicon import U64, Flag, Ints, load, unpacked
from governance.names.plain_words import ALSO

Flags = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]

#: What the coarse look says of a word: it may be a given name and nothing else, a word of those who speak, a given
#: name that is a word too, a family name that is neither, a word that may tell of a name behind it.
CALLED, SPOKEN, ALSO_WORD, BORNE, CUE = 1, 2, 4, 8, 16
#: Given names that are words too, and often names in small letters.
ALSO_NAMES = frozenset(
    (
        "amber autumn basil bea beau bill bob buck candy carol charity chase cherry clay cliff colt coral crystal daisy dale dana dean destiny don drew earl ebony ella eve faith fern flora "
        "forest foster frank freeman gale garrison gene genesis ginger glen grace grant guy gus hal hank hardy harmony harry haven hazel heath heather holly hunter iris ivory ivy jack jade jasmine jay jean jed "
        "jim joe joy june justice kay kim kip kitty lacy lance lane laurel lily linden lola luna mark marina mason max maya melody mercy merlin miles misty molly mona myrtle nick nova olive opal paisley "
        "pat patience pearl peg penny piper prudence ray reed rob robin rocky rod roman rosa rose rosemary rosie roy ruby rusty sage sal sandy scarlet shea sherry sierra sky skip sonny sterling sue "
        "summer teddy terry tim tom trinity victor viola violet wade walker whit willow windy winter "
        "flor luz sol paz soledad consuelo dolores gloria esperanza milagros pilar socorro remedios blanca clara aurora estrella victoria salvador leon dulce nieves cruz reyes amado domingos aparecida jesus amparo "
        "indah intan bagus bintang fajar bayu surya putri putra melati mawar cahya mega sari sinta ratna dewi guntur galih gilang wulan kartika kasih rahmat bunga citra eka iman jaya murni nur permata rizki satria teguh "
        "wahyu yoga kurnia ayu sekar untung"
    ).split()
)
#: Words that stand right before names in small letters (`governance.names.latin_quiet` says which tell of one).
NAME_CUES = frozenset(
    (
        "mr mrs ms miss mister dr doc doctor prof professor uncle aunt auntie aunty grandma grandpa granny nurse coach captain officer sergeant pastor father sister brother cousin tia tio don dona seu senor senora senorita "
        "sr sra srta dra vovo abuelo abuela primo prima bu ibu pak bapak mbak mas kak kakak bang abang om tante cik encik puan sis teh teteh kang name names name's is surname firstname lastname fullname username customer client "
        "contact recipient receiver sender consignee attn to by driver courier agent host guest passenger patient tenant buyer seller nombre nome nama cliente destinatario destinataria contacto contato penerima pengirim pembeli "
        "llamo es e chamo me chamo-me saya aku gue adalah i'm am im it's its this soy sou o a la el aqui ini hi hey hello dear thanks you thx ty ok okay yes no sorry morning afternoon evening hola oi ola dia tarde dias tardes gracias "
        "obrigado obrigada hai halo pagi siang kasih makasih regards lot cheers best wishes sincerely yours love xoxo xx saludos atte atentamente abraco abracos abrazo abrazos abs att atenciosamente salam saya terima rep manager supervisor "
        "friend buddy neighbor neighbour boss colleague co-worker coworker husband wife son daughter mom dad roommate flatmate teacher therapist assistant cleaner landlord waiter waitress barber guy lady man woman girl boy kid baby named "
        "called with call ask asked tell told met email emailed text texted thank amigo amiga vecino vecina vizinho vizinha hermano hermana irmao irma hijo hija filho filha esposo esposa marido jefe jefa chefe chofer repartidor entregador "
        "motorista con com"
    ).split()
)
#: Given names that without a capital are words of those who write without marks: "gui cho em" ("gửi", send).
_NEVER_SMALL = ("gui",)
_NAMES = int(Flag.GIVEN | Flag.FAMILY | Flag.RARE | Flag.MONO | SYLLABLE | CLAN)
_WEAK = int(Flag.WORD | Flag.NOT | Flag.PROPER | Flag.ORG | Flag.PLACE | Flag.RARE)


class Lexicon(NamedTuple):
    """Flags by word; a coarse first look for rows without capitals, whose words are many; pairs that are nobody.

    ``spoken`` holds the words that show that somebody speaks or is called, so few that they stay in the cache.
    """

    table: Table
    spoken: Table
    bits: npt.NDArray[np.uint8]
    pairs: Table

    def coarse(self, keys: U64) -> npt.NDArray[np.uint8]:
        """`CALLED`, `SPOKEN`, `ALSO_WORD`, `BORNE` and `CUE` for each word: too many now and then, never too few."""
        return self.bits.take((keys >> np.uint64(44)).view(np.int64))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All of it, loaded once in a process."""
    told = kept("latin", _made)
    return Lexicon(Table.of(told["table"]), Table.of(told["spoken"]), told["bits"], Table.of(told["pairs"]))


def _made() -> dict[str, npt.NDArray[Any]]:
    data = load("latin")
    known: dict[str, int] = dict(zip(unpacked(data["words"]), data["flags"].tolist(), strict=True))
    for own, listed in OWN.items():
        for word in listed:
            known[word] = known.get(word, 0) | int(own)
    either = int(Flag.GIVEN | Flag.FAMILY)
    for kind, names in (
        (int(Flag.GIVEN), latin_names.GIVEN),
        (int(Flag.GIVEN), latin_names_more.GIVEN),
        (int(Flag.FAMILY), latin_names.FAMILY),
        (int(Flag.FAMILY), latin_names_more.FAMILY),
        (either, latin_names.EITHER),
        (int(Flag.GIVEN), latin_more.MALAY),
        (either, latin_more.TAMIL),
        (int(CLAN), latin_more.CLANS),
    ):
        for name in names:
            # What means something else already is not made a name.
            if not known.get(name, 0) & ~(either | int(Flag.RARE)):
                known[name] = known.get(name, 0) | kind
    for flag, cues in (
        *LATIN.items(),
        *MORE.items(),
        *latin_more.CUES.items(),
        *latin_things.CUES.items(),
        (SYLLABLE, latin_more.SYLLABLES),
    ):
        for cue in cues:
            known[cue] = known.get(cue, 0) | int(flag)
    for name in SURE:
        known[name] &= ~int(Flag.WORD | Flag.PLACE | Flag.PROPER)
    for name in latin_more.FIRST:
        known[name] = known.get(name, 0) & ~int(Flag.WORD | Flag.PROPER) | int(Flag.GIVEN)
    for word in ALSO | ORDINARY:
        known[word] = known.get(word, 0) | int(Flag.WORD)
    for word in PLAIN | latin_things.WORDS:
        known[word] = known.get(word, 0) & ~_NAMES | int(Flag.WORD)
    words = sorted(known)
    flags = np.fromiter((known[word] for word in words), dtype=np.uint32, count=len(words))
    keys = hash_words(words)
    called = ((flags & Flag.GIVEN) != 0) & ((flags & _WEAK) == 0)
    called[[words.index(word) for word in _NEVER_SMALL]] = False
    spoken = (flags & (TALK | CALL | NAMER)) != 0
    bits = np.zeros(1 << 20, dtype=np.uint8)
    slots = (keys >> np.uint64(44)).astype(np.int64)
    bits[slots[called]] = CALLED
    bits[slots[spoken]] |= np.uint8(SPOKEN)
    borne = ((flags & (Flag.FAMILY | Flag.MONO)) != 0) & ((flags & (_WEAK & ~Flag.PROPER | Flag.GIVEN)) == 0)
    bits[slots[borne]] |= np.uint8(BORNE)
    for bit, chosen in ((ALSO_WORD, ALSO_NAMES), (CUE, NAME_CUES)):
        bits[(hash_words(sorted(chosen)) >> np.uint64(44)).astype(np.int64)] |= np.uint8(bit)
    pairs = [*(entry.split() for entry in (*NOBODY, *PAIRS)), *latin_more.PAIRS, *latin_things.PAIRS]
    both = paired(hash_words([a for a, _ in pairs]), hash_words([b for _, b in pairs]))
    return {
        "table": Table(keys, flags).cells,
        "spoken": Table(keys[spoken], flags[spoken]).cells,
        "bits": bits,
        "pairs": Table(both, np.ones(len(both), dtype=np.uint32)).cells,
    }


class Words(NamedTuple):
    """All words of a block: where they start and end, whether they are capitalised; and where a hyphen or apostrophe
    stands in one."""

    start: Ints
    end: Ints
    capital: Bools
    joints: Ints


def words_of(block: Block) -> Words:
    """Runs of letters; apostrophes and hyphens between letters belong to a word."""
    kinds = block.kinds
    letter = (kinds & LETTER).view(np.bool_)
    join = np.flatnonzero(kinds >= JOIN)  # the highest of the classes
    if len(join):
        join = join[(join > 0) & (join < len(kinds) - 1)]
        join = join[letter[join - 1] & letter[join + 1]]
        letter = letter.copy()
        letter[join] = True
    edges = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    if letter[0]:
        edges = np.concatenate([[0], edges])
    start, end = edges[0::2], edges[1::2]
    capital = (kinds[start] & UPPER) != 0
    # "al-Zahrani": a capital behind a short particle and a hyphen.
    inner = join[(kinds[join + 1] & UPPER) != 0] if len(join) else join
    if len(inner):
        at = np.searchsorted(start, inner, side="right") - 1
        arabic = (inner - start[at] <= 3) & np.isin(folded(block)[start[at]], (ord("a"), ord("e")))
        capital[at[arabic & (inner - start[at] >= 2)]] = True
    return Words(start, end, capital, join)


def vietnamese(block: Block) -> Ints:
    """Where letters stand that Vietnamese alone has."""
    known: Ints | None = block.__dict__.get("_vietnamese")
    if known is None:
        known = block.__dict__["_vietnamese"] = np.flatnonzero((block.codes - np.uint32(0x1EA0)) <= 0x59)
    return known


def linked(block: Block, words: Words, flags: Flags, at: Ints, dotted: int) -> Bools:
    """Whether words ``at`` and the next stand together: a space or two between them, or a full stop and a space.

    A full stop may stand behind an initial and behind a word with a flag of ``dotted``.
    """
    end, following = words.end[at], words.start[np.minimum(at + 1, len(words.start) - 1)]
    gap = following - end
    kinds, codes = block.kinds, block.codes
    after = (kinds[np.minimum(end + 1, len(kinds) - 1)] & SPACE) != 0
    one = (gap == 1) & ((kinds[end] & SPACE) != 0) | (gap == 2) & ((kinds[end] & SPACE) != 0) & after
    short = (end - words.start[at] <= 1) | ((flags[at] & dotted) != 0)
    dot = short & (codes[end] == ord(".")) & ((gap == 1) | (gap == 2) & after)
    return (one | dot) & (at + 1 < len(words.start))


# --- How a word sounds ---

BITS = 15
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_WIDTH = 16


def grams(letters: npt.NDArray[np.uint32] | Letters, start: Ints, end: Ints) -> tuple[npt.NDArray[np.int32], Ints]:
    """Hashes of the stretches of two to four letters of words, edges marked, and to which word each belongs."""
    size = np.minimum(end - start, _WIDTH)
    column = np.arange(_WIDTH + 2)
    place = np.minimum(start[:, None] + np.maximum(column - 1, 0), len(letters) - 1)
    inside = (column >= 1) & (column <= size[:, None])
    read = np.where(inside, letters[place].astype(np.uint64), np.uint64(2))
    hashes: list[npt.NDArray[np.int32]] = []
    owners: list[Ints] = []
    for length in (2, 3, 4):
        spots = _WIDTH + 3 - length
        value = np.full((len(start), spots), length, dtype=np.uint64)
        for j in range(length):
            value = (value ^ read[:, j : j + spots]) * _PRIME
            value ^= value >> np.uint64(29)
        owner, at = np.nonzero(column[:spots] <= size[:, None] + 2 - length)
        hashes.append((value[owner, at] >> np.uint64(64 - BITS)).astype(np.int32))
        owners.append(owner)
    return np.concatenate(hashes), np.concatenate(owners)


@lru_cache(maxsize=1)
def _sounds() -> npt.NDArray[np.float32]:
    data = load("latin_model")
    return data["weights"].astype(np.float32) * data["scale"][0]


def sounding(letters: Letters, start: Ints, end: Ints) -> npt.NDArray[np.float64]:
    """How much each word sounds like a name rather than a word: log odds of a model of letter sequences."""
    which, owner = grams(letters, start, end)
    return np.bincount(owner, weights=_sounds()[which], minlength=len(start)).astype(np.float64)


# --- Chinese, Cantonese and Hokkien names in Latin letters ---

_PINYIN = (
    "(?:[bpmf]?(?:a|ai|an|ang|ao|o|ou|ei|en|eng|i|ie|iao|iu|ian|in|ing|u)|[dtnl](?:a|ai|an|ang|ao|e|ei|en|eng|i|ia|ie|"
    "iao|iu|ian|iang|in|ing|ong|ou|u|uan|uo|un|ue)|[gkh](?:a|ai|an|ang|ao|e|ei|en|eng|ong|ou|u|ua|uai|uan|uang|ui|un|"
    "uo)|[jqx](?:i|ia|ie|iao|iu|ian|iang|in|ing|iong|u|ue|uan|un)|(?:zh|ch|sh|[rzcs])(?:a|ai|an|ang|ao|e|ei|en|eng|i|"
    "ong|ou|u|ua|uai|uan|uang|ui|un|uo)|y(?:a|an|ang|ao|e|i|in|ing|ong|ou|u|uan|ue|un)|w(?:a|ai|an|ang|ei|en|eng|o|u))"
)
_CHINESE = re.compile(f"{_PINYIN}{{2}}|{_PINYIN}-{_PINYIN}")
_KOREAN = re.compile(
    "(?:[bcdghjkmnpstwy]?[hwy]?(?:a|ae|e|eo|eu|i|o|oo|u|ui|ee|oe|ou)(?:k|n|l|m|p|ng|b|t)?)-?(?:[bcdghjkmnpstwy]?[hwy]?"
    "(?:a|ae|e|eo|eu|i|o|oo|u|ui|ee|oe|ou|yeo|yeon|young|yeong)(?:k|n|l|m|p|ng|b|t)?)"
)


@lru_cache(maxsize=1 << 14)
def chinese_given(word: str) -> bool:
    """Whether a folded word may be a Chinese or Korean given name of two syllables in Latin letters."""
    return bool(_CHINESE.fullmatch(word) or ("-" in word and _KOREAN.fullmatch(word)))

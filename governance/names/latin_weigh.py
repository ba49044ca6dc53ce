"""What speaks for and against each stretch of a run of capitalised words being a name.

Evidence is in units of log odds, set by hand. A run is weighed by what is known of its words, not by the words
themselves, so that runs alike are weighed once.
"""

from __future__ import annotations

from typing import NamedTuple

from governance.names.cues import AT, CALL, CLAN, LABEL, OF, SAINT, SAYS, SYLLABLE, TALK, VIET
from governance.names.lexicon import Flag

GIVEN, FAMILY, WORD, PLACE = int(Flag.GIVEN), int(Flag.FAMILY), int(Flag.WORD), int(Flag.PLACE)
PROPER, RARE, TITLE, ORG = int(Flag.PROPER), int(Flag.RARE), int(Flag.TITLE), int(Flag.ORG)
BEFORE, AFTER, LINK, ROAD = int(Flag.BEFORE), int(Flag.AFTER), int(Flag.LINK), int(Flag.ROAD)
NOT, MONO, SUFFIX, GREET = int(Flag.NOT), int(Flag.MONO), int(Flag.SUFFIX), int(Flag.GREET)
NAME = GIVEN | FAMILY | MONO
KNOWN = WORD | NOT | PROPER | ORG | PLACE

#: A word as one number: its flags, whether it is in capitals, its length (1, 2, 3 to 6, more), its sound.
SHOUT_BIT, LENGTH_BIT, SOUND_BIT = 27, 28, 30
FLAGS = (1 << SHOUT_BIT) - 1
SOUND_STEPS, SOUND_LOW = 0.1, -0.8

ENOUGH = 1.4
#: What a word that things are called by may be as well.
_EITHER = NAME | TITLE | GREET | BEFORE | LABEL | CLAN | SYLLABLE | SAINT
#: How little a capital says among capitals most of which are nobody's names.
TITLED = 2.0


class Around(NamedTuple):
    """What stands around a run. ``before``, ``after``: flags of the neighbouring words, 0 where none stands close by.

    ``first``: a sentence opens with it. ``doubt``: how little a capital says here. ``announced``: a label and a colon
    stand before it, or it is a line of its own. ``strange``: Vietnamese letters in the row. ``quiet``: no capitals. ``aged``:
    a number of two digits follows in commas or brackets.
    """

    before: int
    after: int
    first: bool
    doubt: float
    announced: bool
    strange: bool
    quiet: bool
    aged: bool


class Name(NamedTuple):
    """Words ``start`` to ``end`` of a run, how much speaks for them, and what."""

    start: int
    end: int
    weight: float
    reason: str


def _word(flags: int, length: int, first: bool, shout: bool, sound: float) -> float:
    if length == 0:
        return 0.1
    if flags & NOT:
        return -1.0 if flags & GIVEN and flags & PROPER else -4.0  # "April", "June"
    if flags & NAME:
        weight = 2.2 if flags & GIVEN else 0.7 if flags & RARE else 1.5
        if flags & WORD:
            weight -= 1.7 + (0.5 if first else 0.0)
        if flags & ORG:
            weight -= 2.5
        if flags & PLACE:
            weight -= 0.9
        if flags & PROPER:
            weight -= 1.5
        if flags & TITLE and flags & WORD:
            weight -= 1.0
        return weight
    if flags & (OF | SAINT):
        return -2.5  # "Catedral", "Mosteiro"
    if flags & SUFFIX:
        return 0.2
    if flags & LABEL:
        return -2.5
    if flags & ORG:
        return -4.0
    if flags & (WORD | PROPER):
        return -2.5
    if flags & PLACE:
        return -1.2
    if flags & TITLE:
        return -1.5
    return sound - (1.4 if shout else 0.45 if first else 0.0)


#: The flags of neighbours that count.
BESIDE = TITLE | ORG | ROAD | BEFORE | AFTER | GREET | WORD | SAYS | AT | SAINT | OF | CALL | VIET | LINK | TALK


def names(
    words: tuple[int, ...], beside: tuple[int, int, bool, float, bool, bool, bool, bool]
) -> tuple[tuple[Name, ...], Name | None]:
    """The names in a run of ``words``, and what is best of the rest though not enough.

    ``beside``: the fields of `Around`.
    """
    around = Around(*beside)
    size = len(words)
    marks = [w & FLAGS for w in words]
    lengths = [(w >> LENGTH_BIT) & 3 for w in words]
    first, doubt = around.first, around.doubt
    if size > 2 and marks[0] & OF and marks[1] & LINK and lengths[1] < 3 and not marks[0] & TITLE:
        return (), None  # "Catedral de Burgos", "Serra da Estrela"
    if size == 1 and marks[0] & WORD and lengths[0] < 2 and not around.before & (TITLE | CALL):
        return (), None  # "INTERVIEWER: So how did it begin?"
    thing = size > 1 and marks[0] & OF and not around.strange and not marks[0] & _EITHER
    if thing and not any(m & (TITLE | GREET) for m in marks[1:]):
        return (), None  # "Museo Frida Kahlo"
    weights = [
        0.0
        if m & LINK and 0 < i < size - 1 and n < 3
        else _word(
            m,
            n,
            first and i == 0,
            bool((w >> SHOUT_BIT) & 1),
            (w >> SOUND_BIT) * SOUND_STEPS + SOUND_LOW,
        )
        for i, (w, m, n) in enumerate(zip(words, marks, lengths, strict=True))
    ]
    # Where something says that a name stands here, how an unknown word sounds counts for less.
    floor = -0.25 if around.announced or around.before & (TITLE | GREET) else -0.1 if around.after & SAYS else -9.0
    for i, m in enumerate(marks):
        if m & (TITLE | GREET):
            floor = -0.25
        elif (words[i] >> SHOUT_BIT) & 1 and not m and doubt < 2 and not around.announced:
            continue  # an abbreviation
        elif floor > -9 and not m & (NAME | KNOWN | SUFFIX | LABEL) and lengths[i] > 0:
            weights[i] = max(weights[i], floor - (0.45 if first and i == 0 else 0.0))
    out: list[Name] = []
    start = 0
    east = _eastern(marks, lengths, around)
    if east is not None:
        if east.start == 0 and east.end == size:
            return (east,), None
        out.append(east)
        if east.start > 0:
            start = east.end if east.end < size else size
            if start >= size:
                return (east,), None
        else:
            start = east.end
    rest: Name | None = None
    likeliest = _likeliest(words, marks, lengths, weights, start, around, doubt)
    while start < size:
        best = likeliest[start]
        if best is None:
            break
        if doubt >= 2 and best.reason != "context" and not any(_given(m) for m in marks[best.start : best.end]):
            break  # "LOVE BIRD LARGE": family names that are words, in capitals throughout
        if doubt == TITLED and around.strange and best.reason != "context":
            break  # syllables of Vietnamese names are words of titles as well
        if best.weight < ENOUGH:
            rest = best
            break
        if best.start == start + 1 and _silent(words[start], around) and doubt < 1:
            best = best._replace(start=start)  # "Nadezhda Orlova wins": its first word says nothing by itself
        out.append(best)
        start = best.end
    return tuple(sorted(out)), rest


def _silent(word: int, around: Around) -> bool:
    """Whether nothing is known of a word, and it does not sound like anything but a name."""
    shout = (word >> SHOUT_BIT) & 1
    sound = (word >> SOUND_BIT) * SOUND_STEPS + SOUND_LOW
    return not word & FLAGS and not shout and (word >> LENGTH_BIT) & 3 > 1 and sound > -0.35 and not around.strange


def _given(marks: int) -> bool:
    """Whether a word is a given name and nothing else."""
    return bool(marks & (GIVEN | MONO | CLAN)) and not marks & (WORD | PLACE | PROPER | NOT | ORG)


def _likeliest(
    words: tuple[int, ...],
    marks: list[int],
    lengths: list[int],
    weights: list[float],
    start: int,
    around: Around,
    doubt: float,
) -> list[Name | None]:
    """For each word from ``start`` on, the stretch from there on that most speaks for, the first of equals.

    What a stretch weighs depends on where it begins, not on where the search for it does: of a run of many names each
    is weighed once.
    """
    out: list[Name | None] = [None] * len(marks)
    behind: Name | None = None
    for i in range(len(marks) - 1, start - 1, -1):
        own = _best(words, marks, lengths, weights, i, around, doubt)
        if own is not None and (behind is None or own.weight >= behind.weight):
            behind = own
        out[i] = behind
    return out


def _best(
    words: tuple[int, ...],
    marks: list[int],
    lengths: list[int],
    weights: list[float],
    i: int,
    around: Around,
    doubt: float,
) -> Name | None:
    """The stretch that begins with word ``i`` and most speaks for."""
    size = len(marks)
    best: Name | None = None
    if marks[i] & LINK and weights[i] == 0.0:
        return None
    if marks[i] & OF and size > 1 and not marks[i] & (NAME | TITLE | BEFORE | LABEL):
        return None  # "Premio Miguel de Cervantes"
    begin = _courtesy(marks, weights, i)
    total, reason = _lead(marks, i, around) if begin == i else (2.4, "context")
    if around.first and size > 1 and i < 2 and marks[0] and not lengths[0] and (marks[1] & WORD or not marks[1]):
        total -= 0.6  # "O Amor", "A Casa": an article and a word rather than an initial and a name
    for j in range(i, min(size, i + 6)):
        weight = weights[j]
        loud = (words[j] >> SHOUT_BIT) & 1
        if j == i and marks[j] == 0 and lengths[j] > 1 and j + 1 < size and doubt < 1 and not loud:
            if marks[j + 1] & NAME and not marks[j + 1] & ~(NAME | RARE | SYLLABLE | CLAN):
                # Before a name: "Sudeep Chatterjee".
                weight = max(weight, 0.05 if j or not around.first or weight > -0.7 else weight)
            elif marks[j + 1] == 0 and lengths[j + 1] > 1 and not around.strange:
                weight += 0.5  # two that nobody knows
        if j == i and marks[j] == 0 and (j or not around.first) and doubt == 0 and not loud and not around.strange:
            left = marks[j - 1] if j else around.before
            if (
                not left & (AT | OF | ORG | SAINT | NOT | LINK)
                or left & (TITLE | GREET)
                or (left & BEFORE and not left & LINK)
            ):
                weight += 0.35
        if j > i and (lengths[j] > 1 or (marks[j] & FAMILY and marks[j - 1] & LINK)):
            if marks[j - 1] & GIVEN and not marks[j - 1] & WORD:
                # Behind a given name a family name is one, whatever else it means.
                if marks[j] & NAME and not marks[j] & ORG and (doubt < 2 or around.announced or not marks[j] & WORD):
                    weight = max(weight, 0.4)
                elif not marks[j] & (WORD | NOT | ORG | TITLE) and (doubt != TITLED or around.announced):
                    weight = max(weight, 0.15)
            elif marks[j - 1] & marks[j] & FAMILY and not marks[j] & (NOT | ORG | (WORD if doubt == TITLED else 0)):
                weight = max(weight, 0.3)
            elif marks[j] == 0 and total > 1.0 and not around.strange and (doubt < 1 or around.announced):
                # Behind given and family name: "Citlali Hernández Xool".
                weight = max(weight, 0.1)
            elif lengths[j - 1] == 0 and j - 1 > i and not marks[j] & (WORD | NOT | ORG | PROPER):
                # "Ryan P Costa"; "A. C. Trindade"
                weight = max(weight, 0.4) + (1.0 if doubt == 0 and j - 2 == i and lengths[i] == 0 else 0.0)
            elif reason == "context" and around.announced and marks[j] & FAMILY and not marks[j] & (WORD | NOT | ORG):
                weight = max(weight, 0.2)  # "Advogado: Péricles Montenegro"
            elif (
                j - 1 > i
                and weights[j - 1] == 0.0
                and marks[j - 1] & LINK
                and (not marks[j] & (NOT | ORG) or (marks[j] & FAMILY and lengths[j] == 1))
            ):
                # "Jan de Vries", "bin Rashid"
                # "Ojo de Plata", "A Casa da Colina": words on both sides are a title.
                said = _entitled(marks, lengths, i, j) and reason != "context"
                weight = max(weight, 0.1 if said else 0.9 if marks[j - 2] & NAME else 0.5)
                if not said and j - 2 == i and marks[i] & GIVEN and marks[i] & (WORD | PROPER):
                    weight += 1.0
        if j > i and reason == "context" and total > 1.4 and not (marks[j] | marks[j - 1]) & (NAME | KNOWN | TITLE):
            weight = max(weight, 0.15)
        total += weight
        if j > i and marks[j] & FAMILY and not marks[j] & (NOT | ORG):
            if marks[j - 1] & GIVEN:
                total += 1.8 if marks[j - 1] & NOT and not marks[j] & WORD else 0.8
            elif not marks[j - 1] & (NAME | WORD | NOT | ORG):
                total += 0.5
        elif j > i and not marks[j] & (NAME | KNOWN) and marks[j - 1] & GIVEN and doubt != TITLED:
            total += 0.5
        if marks[j] & LINK and weights[j] == 0.0:
            continue
        value = total + _behind(marks, j, around)
        if i == j and i == 0 and around.before & AT and not marks[i] & GIVEN:
            value -= 0.6
        if doubt >= 2 and j > i and size > 5 and marks[i] & GIVEN and _sheer(marks[i : j + 1], weights[i : j + 1]):
            value -= 0.4 * doubt  # "AGUS SETIABUDI"
        elif doubt and not (reason == "context" and total > 2.4 and (doubt < 2 or around.announced)):
            value -= doubt * (1.0 if j > i else 1.6)
        if best is None or value > best.weight:
            best = Name(begin, j + 1, value, reason)
    return best


def _courtesy(marks: list[int], weights: list[float], i: int) -> int:
    """Where a name begins of which word ``i`` is the first that is no particle, where somebody is called by it: "Mr von
    Habsburg"; ``i`` elsewhere."""
    at = i
    while at > 1 and marks[at - 1] & LINK and weights[at - 1] == 0.0:
        at -= 1
    if at == i or not (marks[at - 1] & TITLE and marks[at - 1] & CALL) or marks[i] & (ORG | NOT | OF | PROPER | TITLE):
        return i
    # Behind one particle a word or a place may be what somebody is of; two are of a name: "Mrs van der Wal".
    return i if at == i - 1 and marks[i] & (WORD | PLACE) else at


def _entitled(marks: list[int], lengths: list[int], i: int, j: int) -> bool:
    """Whether words that are no names alone stand on both sides of the particle before word ``j``, and nothing but an
    article before them."""
    lone = j - 2 == i or (j - 3 == i and marks[i] and not lengths[i])
    return bool(lone and marks[j - 2] & WORD and (marks[j] & WORD or not marks[j]))


def _sheer(marks: list[int], weights: list[float]) -> bool:
    """Whether words are names and nothing else, or unknown and sound like names, in a row of capitals."""
    return all(not m & ~(GIVEN | FAMILY) and (m or w > -1.2) for m, w in zip(marks, weights, strict=True))


def _lead(marks: list[int], i: int, around: Around) -> tuple[float, str]:
    """What stands before word ``i`` of a run."""
    left = marks[i - 1] if i else around.before
    if around.announced and i == 0:
        return (2.5 if not marks[0] & KNOWN or marks[0] & NAME else 0.6), "context"
    # "em" is a title in Vietnamese and "in" in Portuguese.
    if left & TITLE and not left & OF and (around.strange or not left & AT):
        return 2.4, "context"
    if i == 0 and around.quiet and left & CALL:
        return 1.6, "context"
    if i and marks[i - 1] & SAINT:
        return -2.6, "lexicon"
    if i == 0 and left & SAINT and not around.quiet:
        return -1.2, "lexicon"
    if i and left & OF and not left & (TITLE | GREET | GIVEN):
        return -3.6, "lexicon"  # "Instituto Miguel Hidalgo"
    if left & OF and (i == 0 or marks[i - 1] & (ORG | OF)) and not left & GREET:
        return -2.0, "lexicon"
    if left & GREET:
        return (1.7 if marks[i] & (KNOWN | NAME) else 2.1), "context"
    if i == 0 and left & AT:
        return (-0.9 if marks[0] & PLACE else 0.0 if marks[0] & NAME else -0.3), "lexicon"
    if left & BEFORE and not (i and left & LINK) and (i == 0 or marks[i - 1] & (WORD | NOT)):
        if not marks[i] and not left & (LINK | AT):
            return (1.7 if left & TALK else 1.3), "context"
        if marks[i] & PLACE:
            return (0.3 if marks[i] & GIVEN and not left & (LINK | AT) else 0.0), "context"
        return 0.9, "context"
    return 0.0, "lexicon"


def _behind(marks: list[int], j: int, around: Around) -> float:
    """What stands behind word ``j`` of a run."""
    last = j + 1 == len(marks)
    right = around.after if last else marks[j + 1]
    value = 0.0
    if right & SAYS and last:
        value += 2.0 if not marks[j] & (WORD | PLACE | PROPER) else 1.5 if marks[j] & GIVEN else 1.0
    elif right & AFTER and (last or not right & NAME):
        value += 0.3 if marks[j] & (PLACE | PROPER) else 0.5 if marks[j] & WORD else 1.0
    if last and around.aged and not marks[j] & (WORD | NOT):
        value += 1.8
    if right & ORG and not right & WORD:
        value -= 2.0
    if right & (ORG | ROAD) and not (last and right & (SAYS | AFTER)):
        value -= 1.5
    return value


def _eastern(marks: list[int], lengths: list[int], around: Around) -> Name | None:
    """Family name and syllables, as Vietnamese, Chinese and Korean names are built, whatever words they are."""
    size, doubt = len(marks), around.doubt
    plain = ORG | TITLE
    if all(n == 0 for n in lengths):
        # "bệnh nhân N.V.T."
        return Name(0, size, 1.6, "context") if size > 1 and around.before & (TITLE | BEFORE | GREET | VIET) else None
    called = around.strange and around.before & (TITLE | GREET | VIET) and around.doubt < 1
    nowhere = size == 1 or marks[-1] not in (NOT, PLACE)  # "của Việt Nam"
    if called and size <= 4 and all(n < 3 for n in lengths) and nowhere and not any(m & OF for m in marks[:1]):
        return Name(0, size, 2.4, "context")
    titled = around.strange and size in (2, 3, 4) and doubt < 1 and marks[0] & TITLE and marks[0] & VIET
    if (
        titled
        and not marks[0] & (OF | NOT | ORG)
        and all(n < 3 for n in lengths)
        and not any(m & ORG for m in marks[1:])
    ):
        return Name(1, size, 2.4, "context")
    pair = size in (2, 3) and around.strange and doubt < 1 and not around.before & (OF | AT | SAINT | ORG)
    if pair and all(m & SYLLABLE and m & (GIVEN | FAMILY) and not m & (ORG | OF | ROAD) for m in marks):
        return Name(0, size, 1.6, "lexicon")
    for i in range(min(size - 1, 4)):
        if i and not marks[i - 1] & (TITLE | WORD | NOT | ORG | BEFORE) and lengths[i - 1] > 1 and marks[i - 1]:
            return None
        if i and marks[i - 1] & (SAINT | OF) and not marks[i - 1] & TITLE:
            return None
        rest = range(i + 1, size)
        if marks[i] & MONO and not (i == 0 and around.before & OF and not around.before & (TITLE | GREET)):
            end = size
            for j in rest:
                fits = lengths[j] < 3 and (around.strange or marks[j] & SYLLABLE)
                if not fits or j - i > 4:
                    end = j
                    break
            strong = 2 <= end - i <= 5 and (around.doubt < 1 or end - i >= 3)
            if around.doubt >= 1 and size > 5 and not (around.announced or around.before & (TITLE | GREET | VIET)):
                strong = False  # the title of a thing
            # Words of one syllable that stand in titles of other languages ("Do So", "To An").
            foreign = not around.strange and all(m & (WORD | NOT) for m in marks[i:end])
            named = all(m & (GIVEN | FAMILY) for m in marks[i:end]) or around.announced
            if end - i >= 3 and (named or not any(m & NOT for m in marks[i:end])):
                foreign = False
            if strong and not foreign:
                return Name(i, end, 3.5, "lexicon")
        if marks[i] & SYLLABLE and lengths[i] == 3 and i + 1 < size and marks[i + 1] & CLAN and doubt < 1:
            return Name(i, i + 2, 2.6, "lexicon")  # "Hye-jin Park"
        if marks[i] & CLAN:
            end = i + 1
            while end < size and end - i < 4 and marks[end] & SYLLABLE:
                # "Chee Wai Kit": the last of three may be an ordinary word.
                if marks[end] & (ORG if marks[end] & GIVEN else plain) and not (
                    end - i == 2 and end == size - 1 and marks[end] & GIVEN
                ):
                    break
                end += 1
            count = end - i
            ordinary = sum(bool(m & (WORD | NOT)) for m in marks[i:end])
            before = around.before if i == 0 else marks[i - 1]
            likely = count >= 2 and (ordinary * 2 <= count or 3 <= count > ordinary) and around.doubt < 1
            if marks[i] & NOT and count < 3:
                likely = False
            if (likely and not before & (OF | AT)) or (count >= 3 and ordinary == 0 and around.doubt < 2):
                if end < size and marks[end] & (ORG | ROAD):
                    return None
                return Name(i, end, 2.6, "lexicon")
    return None

"""Sentences with names in known places, written at random: what the Chinese model is trained on.

Two sources. Carrier sentences of trade, delivery, service, reviews and news with slots, written for this purpose;
and running text put together from the dictionary's words by part of speech, by their frequency, with names dropped
in where a noun may stand, so that what surrounds a name is as wide as the language. Some words are made up on the
spot, as brands and places are, so that an unknown word is not taken for a name. No sentence comes from anywhere else.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from typing import NamedTuple

from governance.names.carriers_zh import BRANDS, HEADS, INNER, OF, TALK, WITH_NAMES, WITHOUT
from governance.names.chinese_lists import COMPOUND, FOREIGN, JAPANESE_FAMILY, RARE
from governance.names.cues_zh import CARRIERS, FOREIGN_PLACES, KIN, PLACES, ROLES, SAYING
from governance.names.extract import COARSE
from governance.names.lexicon import load, unpacked


class Sentence(NamedTuple):
    text: str
    names: tuple[tuple[int, int], ...]


# Parts of speech in a row, as clauses are built; N is a person's name, R a role before it, S a verb of saying.
CLAUSES = tuple(
    line.split()
    for line in """
r v a u n
n d v u n
n v n
d v u m q n
n u n d a
p n v n u n
n n v n
t n v u n
v n c v n
a u n v n
n p s v
ns n v n
m q n v u
p ns v n n
n v v n
r d v n y
n a d a
n f v u n
t p ns n v
v u m q a u n
i
n i
d d a
nt n v n
nz n v n
n nz u n
N v n
N d v u n
n N v u n
R N v n
R N S
N S
p N v n
N u n v a
v N u n
n v N
N c N v n
n p N v u
nt R N S
ns R N v n
t N p ns v
N t v n
r v N
N p n f v
n u N v
v u N
N v u n n
d v N v n
N a v n
p R N v n
c N v n
n n N v
N m q n
v n N
r u n N
N r v n
N d a
""".strip().splitlines()
)
#: Compound surnames that many bear.
_COMPOUND_TODAY = (
    "欧阳",
    "上官",
    "司马",
    "司徒",
    "诸葛",
    "皇甫",
    "令狐",
    "慕容",
    "尉迟",
    "夏侯",
    "公孙",
    "东方",
    "端木",
)
#: Japanese given names of one character.
_JAPANESE_SINGLE = "明诚翔健仁亮武光薰茜勇茂隆守进修学敏清弘宏茜凉樱葵圭"
STOPS = ("，", "。", "，", "。", "！", "？", "；", "、", "：", "\n", "”", "“", "（", "）", " ")


class Writer:
    """Writes sentences; the same seed, the same sentences."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - text, not keys
        data = load("chinese")
        words, weights = unpacked(data["words"]), data["weights"].tolist()
        self._words: dict[int, list[str]] = defaultdict(list)
        weighted: dict[int, list[float]] = defaultdict(list)
        for word, weight, kind in zip(words, weights, data["classes"].tolist(), strict=True):
            self._words[kind].append(word)
            weighted[kind].append(math.exp(weight / 16 * 0.9))
        self._sums = {kind: _sums(values) for kind, values in weighted.items()}
        self._tables = {
            kind: (unpacked(data[kind]), _sums([math.exp(float(p)) for p in data[kind + "_p"]]))
            for kind in ("surname", "single", "first", "second", "translit")
        }
        self._letters = [w for w in words if len(w) == 1]
        self._people = unpacked(data["people"])
        self._places = unpacked(data["places"])
        self._divisions = unpacked(data["divisions"])
        sounds = set(self._tables["translit"][0])
        self._abroad = [place for place in self._places if sounds.issuperset(place) and place not in FOREIGN]
        self._foreign = [*(n for n in unpacked(data["foreign"]) if len(n) > 2), *sorted(FOREIGN) * 4]
        self._japanese = [*unpacked(data["japanese_family"]), *JAPANESE_FAMILY]
        self._japanese_given = unpacked(data["japanese_given"])
        surnames = {name for name in self._tables["surname"][0] if len(name) == 1}
        self._nouns = [w for w in words if len(w) == 2 and w[0] in surnames]
        self._compound = [*(c for c in COMPOUND if len(c) == 2 and c[1] != "氏"), *_COMPOUND_TODAY * 8]

    def _one(self, kind: str) -> str:
        table, sums = self._tables[kind]
        return self.random.choices(table, cum_weights=sums)[0]

    def word(self, kind: int) -> str:
        words = self._words.get(kind)
        if not words:
            return ""
        return self.random.choices(words, cum_weights=self._sums[kind])[0]

    def name(self) -> str:
        """A surname and a given name, common ones mostly, any characters now and then; some known, some Japanese."""
        r = self.random.random()
        if r < 0.18:
            return self.random.choice(self._people)
        if r < 0.24:
            given = self.random.choice(self._japanese_given)
            if self.random.random() < 0.15:
                given = self.random.choice(_JAPANESE_SINGLE)
            elif self.random.random() < 0.1:
                given = given[:1] + self.random.choice(("太郎", "次郎", "一郎", "三郎", "之介", "之助"))
            elif self.random.random() < 0.5:
                given = given[:1] + self.random.choice(self._japanese_given)[-1:]
            return self.random.choice(self._japanese) + given
        if r < 0.31:
            return self.familiar()
        if r < 0.35:
            return self.random.choice(self._nouns)  # a name that is a word: only what stands around it tells
        if r < 0.41:
            return self._one("first") + self._one("second")  # a given name alone
        if r < 0.44:
            given = self._one("single") if self.random.random() < 0.4 else self._one("first") + self._one("second")
            return self.random.choice(self._compound) + given
        family = self._one("surname") if self.random.random() < 0.92 else self.random.choice(RARE)
        given = self._one("single") if self.random.random() < 0.25 else self._one("first") + self._one("second")
        if self.random.random() < 0.08:
            odd = self.random.choice(self._letters)
            given = odd if len(given) == 1 else self.random.choice((odd + given[1:], given[:1] + odd))
        return family + given

    def familiar(self) -> str:
        """ "Little Li", "A-zhen", or a syllable of a given name twice."""
        r = self.random.random()
        if r < 0.6:
            return self.random.choice("小老") + self._one("surname")[0]
        syllable = self.random.choice((self._one("single"), self._one("second")))
        return syllable * 2 if r < 0.82 else self.random.choice("小阿") + syllable

    def made_up(self) -> str:
        """A word of no dictionary: a brand, a shop, a village, often begun with what might be a surname."""
        r = self.random.random()
        if r < 0.35:
            place = self._one("surname") + self.random.choice(
                (self._one("first"), self._one("second"), self.word(1)[:1], "家")
            )
            return place + self.random.choice(PLACES)
        if r < 0.55:
            place = self._one("surname") + self._one("first") + self._one("second")
            return place + self.random.choice(PLACES)
        if r < 0.75:
            return self.foreign() + self.random.choice(FOREIGN_PLACES)
        a = self.word(1)[:1] + self.random.choice((self.word(1), self.word(3)))[:1]
        return a + self.random.choice(("", "", *PLACES))

    def foreign(self) -> str:
        """A foreign name by its sound: a known one, or characters at random."""
        if self.random.random() < 0.4:
            return self.random.choice(self._foreign)
        return "".join(self._one("translit") for _ in range(self.random.choice((2, 2, 3, 3, 3, 4, 4, 5))))

    def thing(self) -> str:
        """Something to eat, wear or stand in a room, put together as such words are."""
        inner = self.random.choice(INNER) if self.random.random() < 0.45 else ""
        return self.random.choice(OF) + inner + self.random.choice(HEADS)

    def clause(self) -> Sentence:
        text, names = "", []
        for part in self.random.choice(CLAUSES):
            if part == "N":
                name = self.name() if self.random.random() < 0.94 else self.foreign()
                names.append((len(text), len(text) + len(name)))
                text += name
            elif part == "R":
                text += self.random.choice(ROLES)
            elif part == "S":
                text += self.random.choice(SAYING)
            elif part in ("n", "nz", "nt") and self.random.random() < 0.09:
                text += self.made_up()
            elif part in ("n", "nz") and self.random.random() < 0.06:
                text += self.thing()
            elif part in ("n", "ns", "nz") and self.random.random() < 0.05:
                # A foreign name, or a place that sounds like one.
                if self.random.random() < 0.5:
                    text += self.random.choice(self._abroad)
                    continue
                name = self.foreign()
                if self.random.random() < 0.3:
                    name += "·" + self.foreign()
                names.append((len(text), len(text) + len(name)))
                text += name
            elif part == "y":
                text += self.random.choice("吗呢吧啊呀")
            else:
                text += self.word(COARSE[part])
        return Sentence(text, tuple(names))

    def running(self) -> Sentence:
        """A few clauses with stops between them."""
        text, names = "", []
        for _ in range(self.random.randint(1, 5)):
            clause = self.clause()
            names += [(a + len(text), b + len(text)) for a, b in clause.names]
            text += clause.text
            if self.random.random() < 0.85:
                text += self.random.choice(STOPS)
        return Sentence(text, tuple(names))

    def carrier(self, patterns: tuple[str, ...]) -> Sentence:
        """A written sentence with its slots filled."""
        text, names = "", []
        pattern = self.random.choice(patterns)
        at = 0
        while at < len(pattern):
            if pattern[at] != "{":
                text += pattern[at]
                at += 1
                continue
            stop = pattern.index("}", at)
            slot = pattern[at + 1 : stop]
            at = stop + 1
            if slot == "name":
                name = self.name() if self.random.random() < 0.86 else self.foreign()
                names.append((len(text), len(text) + len(name)))
                text += name
            elif slot == "role":
                text += self.random.choice(ROLES)
            elif slot == "kin":
                text += self.random.choice(KIN)
            elif slot == "say":
                text += self.random.choice(SAYING)
            elif slot == "foreign":
                name = self.foreign() + ("·" + self.foreign() if self.random.random() < 0.3 else "")
                names.append((len(text), len(text) + len(name)))
                text += name
            elif slot == "sur":
                text += self._one("surname")
            elif slot == "place":
                text += self.place()
            elif slot in ("org", "brand"):
                text += self.random.choice(BRANDS) if self.random.random() < 0.3 else self.made_up()
            elif slot == "y":
                text += self.random.choice("吗呢吧啊呀")
            elif slot == "num":
                text += str(self.random.randint(1, 9999))
            elif slot == "phone":
                text += "1" + "".join(self.random.choice("0123456789") for _ in range(10))
            elif slot == "clause":
                inner = self.clause()
                names += [(a + len(text), b + len(text)) for a, b in inner.names]
                text += inner.text
            elif slot == "n" and self.random.random() < (0.3 if patterns is WITHOUT else 0.1):
                text += self.thing()
            else:
                text += self.word(COARSE[slot])
        return Sentence(text, tuple(names))

    def place(self) -> str:
        """A place, a body or a thing with a name of its own, as the lists have them."""
        r = self.random.random()
        if r < 0.2:
            return self.random.choice(self._abroad)
        if r < 0.5:
            return self.word(COARSE["ns"])
        return self.random.choice(self._places if r < 0.8 else self._divisions)

    def sentence(self) -> Sentence:
        """One text; a few of them several sentences long."""
        r = self.random.random()
        if r < 0.4:
            return self.running()
        parts = [self.carrier(CARRIERS if r < 0.52 else WITH_NAMES if r < 0.75 else WITHOUT if r < 0.92 else TALK)]
        while self.random.random() < 0.4:
            parts.append(self.carrier(self.random.choice((CARRIERS, WITH_NAMES, WITHOUT, WITHOUT, TALK))))
        text, names = "", []
        for part in parts:
            names += [(a + len(text), b + len(text)) for a, b in part.names]
            text += part.text + (self.random.choice(STOPS) if self.random.random() < 0.8 else "")
        return Sentence(text, tuple(names))


def _sums(weights: list[float]) -> list[float]:
    total, out = 0.0, []
    for weight in weights:
        total += weight
        out.append(total)
    return out

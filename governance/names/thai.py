"""Thai names: a stretch of letters that is likelier a name than words, beside what names stand beside.

Thai is written without spaces between words. A stretch is therefore read in two ways: as words of the dictionary, each
with how often it is read, and as a name followed by words, the name weighed by the letters that it is made of. Titles,
roles and verbs of saying speak for the second reading; it is chosen where it is likelier by enough.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from governance.names.block import DIGIT, LETTER, SEPARATOR, THAI, UPPER, Block, Found
from governance.names.lexicon import Ints, load, unpacked
from governance.names.thai_letters import SIZE, Floats, costs, leaning
from governance.names.thai_lists import (
    CASUAL,
    CHECKS,
    CUES,
    FILLERS,
    FOREIGN,
    FORMAL,
    GIVEN,
    KIN,
    LABELS,
    LOOSE,
    NEVER,
    NICKNAMES,
    NO_FAMILY,
    SAYS,
    STOPS,
    TELLS,
    WORDY,
)
from governance.names.thai_parts import ABROAD

RECOGNISER = "names_thai"
_C = "\u0e01-\u0e3a\u0e40-\u0e4e"
#: Vowels and tones that belong to the letter before them.
_ABOVE = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ")


def _any(words: Iterable[str]) -> str:
    """An expression for words, the longest first, that looks at each letter once."""
    tree: dict[str, dict[str, Any]] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    parts = [re.escape(character) + _branch(rest) for character, rest in sorted(node.items()) if character]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    return f"(?:{body})?" if ends else body


#: What kind of mark a word is; of words that are several, the first kind.
_KIND = {w: k for k, ws in (("loose", LOOSE), ("cue", CUES), ("casual", CASUAL), ("formal", FORMAL)) for w in ws}
_MARK = re.compile(f"(?>(?P<mark>{_any(_KIND)})(?:{_any(FILLERS)}){{0,2}})(?P<gap> ?[:：]? ?)(?=[{_C}])")
#: A label of a Chinese form behind which a customer's name stands as she writes it herself.
_LABEL = re.compile(f"(?:{_any(LABELS)})(?:{_any(CHECKS)}){{0,3}}(?: ?[:：是为為]){{0,2}} ?(?=[{_C}])")
#: "I" and a name, and the word that ends a polite sentence.
_SELF = re.compile(
    f"(?<![{_C}])(?:กระผม|ผม|ดิฉัน|ฉัน|หนู|เรา) ?(?:ชื่อ|คือ)? ?(?=[{_C}]{{2,14}}?(?:นะครับ|ครับ|นะคะ|ค่ะ|คะ|เอง|จ้า|จ้ะ))"
)
#: A word that stands by itself.
_BRIEF = re.compile(f"[{_C}]{{3,6}}(?![{_C}])")
_STOP = re.compile(_any(STOPS))
_SAYS = re.compile(_any(SAYS))
_TELLS = re.compile(f" ?(?:{_any((*SAYS, *TELLS, *(w for w in STOPS if len(w) > 3)))})")
_OTHER = re.compile(_any((*NO_FAMILY, *NEVER)))
#: Who speaks: a name before a colon at the beginning of a line.
_SPEAKER = re.compile(f"(?:[{SEPARATOR}\\n]|\\A) ?([{_C}]{{2,16}}(?: [{_C}]{{2,16}})?) ?\\Z")
#: Who lives at an address: two words behind its postal code.
_TWO = re.compile(f"[{_C}]{{2,16}} [{_C}]{{2,20}}(?![{_C}])")
#: What a form asks for behind the given name.
_SURNAME = re.compile(f"นามสกุล ?[:：]? ?([{_C}]{{3,24}})(?![{_C}])")
#: A name in Latin letters, and the Thai titles that it stands behind.
_ROMAN = re.compile("[A-Z][a-z]{1,15}(?: [A-Z][a-z]{0,15}\\b\\.?){0,2}")
_ROMAN_TITLES = tuple("คุณ นาย นาง นางสาว น.ส. พี่ น้อง ครู ผู้รับ ผู้ส่ง".split())
#: Between names of a list, and what a list begins behind.
_COMMA = re.compile(" ?[,;/] ?(?:และ)?| ?และ ?")
_LISTED = re.compile(f"(?:[,;:：/\n{SEPARATOR}] ?|\\A)([{_C}]{{2,16}}) [{_C}]{{2,20}} ?[,;/] ?\\Z")
_JOINS = re.compile("กับ|และ|หารือ")
_NEVER = re.compile(_any(NEVER))
#: Titles right before a name are covered with it: forms and news write them as a part of it.
_TITLES = re.compile(f"(?:(?:{_any((*FORMAL, *KIN))}) ?)+\\Z")
#: Words behind names with which family names begin as well.
_ALSO_NAMES = frozenset("มี อยู่ ใจดี จึง ทำ ได้ เป็น ให้ ดี นำ ลง คน ต่อ ชาย ทั้ง สวย ขึ้น สู้ นัก พบ ชนะ พร้อม ชาว".split())
#: How much a mark speaks for a name behind it.
_WORTH = {"formal": 12.0, "casual": 6.0, "cue": 7.0, "loose": 4.0, "speaker": 4.0}
_ALONE = -1.0
_ENOUGH = 4.0
_WINDOW = 44
#: Words that are read less often than this are no reason against a title at their end.
_USUAL = -13.0
#: What letters cost that no word explains: the first, and each.
_UNKNOWN, _STRANGE = -6.0, -3.4


class _Lists(NamedTuple):
    names: dict[str, float]  # given names and nicknames, with what they cost
    family: frozenset[str]
    words: dict[str, float]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = load("others")
    names = {**dict.fromkeys(unpacked(data["th_given"]), -9.0), **dict.fromkeys(ABROAD, -9.0)}
    names |= {**dict.fromkeys(GIVEN, -7.5), **dict.fromkeys(FOREIGN, -7.5), **dict.fromkeys(NICKNAMES, -7.0)}
    values = (data["th_words_n"] / -10.0).tolist()
    words = dict(zip(unpacked(data["th_words"]), values, strict=True))
    for word in STOPS:
        words[word] = max(words.get(word, -9.5), -9.5)
    for word in WORDY:
        words[word] = max(words.get(word, -10.0), -10.0)
    return _Lists({n: c for n, c in names.items() if len(n) > 1}, frozenset(unpacked(data["th_family"])), words)


@lru_cache(maxsize=1 << 13)
def _backward(run: str) -> list[float]:
    """For each place of a run what reading the rest of it as words costs."""
    words = _lists().words
    size = len(run)
    out = [0.0] * (size + 1)
    strange = -99.0
    for i in range(size - 1, -1, -1):
        strange = _STRANGE + max(strange, out[i + 1])
        best = _UNKNOWN + strange
        for end in range(i + 2, min(size, i + 14) + 1):
            cost = words.get(run[i:end])
            if cost is not None and cost + out[end] > best:
                best = cost + out[end]
        out[i] = best
    return out


class _Reading(NamedTuple):
    """A name read at the beginning of a run: its length, and by how much it is likelier than words."""

    size: int
    gain: float


@lru_cache(maxsize=1 << 12)
def _given(run: str, behind: str, marked: bool) -> _Reading:
    """The likeliest given name that begins a run; ``behind`` is the character after the run."""
    rest = _backward(run)
    names = _lists().names
    local, abroad = costs(run, "given", 16), costs(run, "abroad", 16)
    best = _Reading(0, -99.0)
    for end in range(2, min(_cut(run), 16) + 1):
        if end < len(run) and run[end] in _ABOVE:
            continue
        cost = max(local[end], abroad[end] - 2.0) - 1.0
        listed = names.get(run[:end])
        if listed is not None:
            cost = max(cost, listed)
        elif end < 3 and not (marked and end == len(run)):
            continue
        gain = cost + rest[end] - rest[0] + _right(run, end, behind)
        if marked and end == len(run) < 11:
            gain += 6.0 if behind == " " else 4.0
        if gain > best.gain:
            best = _Reading(end, gain)
    return best


@lru_cache(maxsize=1 << 12)
def _family(run: str, behind: str, strange: bool, formal: bool) -> _Reading:
    """The likeliest family name that begins a run behind a given name."""
    given, listed = _lists().names, _lists().family
    stop = _STOP.match(run) or _SAYS.match(run)
    if stop is not None and run not in listed:
        also = formal and stop[0] in _ALSO_NAMES and (stop.end() + 1 < len(run) < 22 or run == "ใจดี")
        if not also and stop.end() > 1 and _backward(run)[0] > -2.8 * len(run):
            return _Reading(0, -99.0)
    rest = _backward(run)
    local, abroad = costs(run, "family", 24), costs(run, "abroad", 24)
    best = _Reading(0, -99.0)
    for end in range(2, min(_cut(run), 24) + 1):
        if end < len(run) and run[end] in _ABOVE:
            continue
        cost = max(local[end], abroad[end] - (0.0 if strange else 3.0))
        if run[:end] in listed:
            cost = max(cost, -7.0)
        elif end > 3 and run[:end] in given:
            cost = max(cost, -8.5)
        gain = cost + rest[end] - rest[0] + _right(run, end, behind)
        if end == len(run) and end > 3 and formal:
            gain += 4.0
        if gain > best.gain:
            best = _Reading(end, gain)
    return best


def _cut(run: str) -> int:
    """Where a word stands that joins two names, or the end of a run."""
    joined = _JOINS.search(run, 2)
    return joined.start() if joined else len(run)


def _right(run: str, end: int, behind: str) -> float:
    """What stands behind a name speaks for it, or against it."""
    if end == len(run):
        return 2.5 if behind in ",)(\n" else 2.0
    return 1.0 if _STOP.match(run, end) else -5.0


def find(block: Block) -> list[Found]:
    """Thai names of a block."""
    thai = (block.kinds & THAI) != 0
    edges = np.flatnonzero(thai[1:] != thai[:-1]) + 1
    if thai[0]:
        edges = np.concatenate([[0], edges])
    starts, ends = edges[0::2], edges[1::2]
    if not len(starts):
        return []
    score = _scores(block)
    text = block.text
    out: list[Found] = []
    marks: dict[int, tuple[float, int, str]] = {}
    opened: set[int] = set()
    for mark in _MARK.finditer(text):
        kind = _KIND[mark["mark"]]
        if mark["mark"] == "มล." and text[max(0, mark.start() - 2) : mark.start()].strip()[-1:].isdigit():
            continue  # millilitres
        if kind in ("formal", "casual") and mark["gap"].strip():
            kind = "loose"  # "อาจารย์: …": somebody speaks, as often as not
        marks.setdefault(mark.end(), (_WORTH[kind], mark.start(), kind))
        if kind != "loose":
            opened.add(mark.start())
    for label in _LABEL.finditer(text):
        marks.setdefault(label.end(), (_WORTH["formal"], label.end(), "formal"))
    for speaker in _SELF.finditer(text):
        marks.setdefault(speaker.end(), (_WORTH["cue"], speaker.end(), "cue"))
    for at in (starts[1:][_coded(block, starts[1:])]).tolist():
        if _TWO.match(text, at):
            marks.setdefault(at, (_WORTH["cue"], at, "cue"))
    for colon in np.flatnonzero((block.codes == ord(":")) | (block.codes == ord("："))).tolist():
        talker = _SPEAKER.search(text, max(0, colon - 36), colon)
        if talker is None or text[colon + 1 : colon + 3].strip()[:1].isdigit():
            continue
        said = talker[1].split(" ")
        if (
            (len(said) > 1 or said[0] in _SPEAKERS or _odd(said[0]))
            and not _OTHER.match(said[0])
            and said[0] not in _KIND
        ):
            marks.setdefault(talker.start(1), (_WORTH["speaker"], talker.start(1), "speaker"))
    titles = sorted((begin, at) for at, (_, begin, kind) in marks.items() if kind == "formal" and begin < at)
    places = _worthy(text, marks, score)
    within = np.searchsorted(starts, places, side="right") - 1
    done = -1
    alone = np.union1d(_alone(block, score, starts, ends), _listed(text, starts))
    todo = sorted(
        [(int(p), int(r), True) for p, r in zip(places, within, strict=True)]
        + [(int(starts[r]), int(r), False) for r in alone]
    )
    for at, run, marked in todo:
        if at < done or at in opened or (not marked and at in marks):
            continue
        told = marks.get(at) if marked else None
        found = _look(text, starts, ends, at, run, told)
        if found is not None and (told is None or told[2] != "formal"):
            found = _titled(text, starts, ends, marks, titles, found) or found
        if found is not None:
            out.append(found)
            done = found.end
    out += _beside(text, starts, ends, out)
    return [_granted(text, item) for item in out] + _plain(block)


#: Family names that kings gave to lines of towns stand behind a word of their own: "ประเสริฐ ณ นคร".
_GRANTED = re.compile(
    " ณ (?:นคร|อยุธยา|เชียงใหม่|ระนอง|ถลาง|สงขลา|ลำปาง|ลำพูน|น่าน|พัทลุง|ตะกั่วทุ่ง|ตะกั่วป่า|มหาไชย|ป้อมเพชร|ป้อมเพ็ชร์|บางช้าง|กาฬสินธุ์|มหาสารคาม|ร้อยเอ็ด|อุบล|จัมปาศักดิ์|ปัตตานี|ภูเก็ต|หนองคาย|จันตะบูณ|พระราชวังหลวง)(?![\u0e30-\u0e3a\u0e45-\u0e4e])"
)


def _granted(text: str, item: Found) -> Found:
    found = _GRANTED.match(text, item.end)
    return item if found is None else item._replace(end=found.end())


def _coded(block: Block, starts: Ints) -> npt.NDArray[np.bool_]:
    """Which places stand behind five digits and a space."""
    told = (starts > 5) & (block.codes[starts - 1] == ord(" "))
    for back in range(2, 7):
        told &= (block.kinds[np.maximum(starts - back, 0)] & DIGIT) != 0
    return told & ((block.kinds[np.maximum(starts - 7, 0)] & DIGIT) == 0)


def _odd(run: str) -> bool:
    """Whether words do not explain a run: a nickname that no list has."""
    return run not in WORDY and run not in _lists().words and _backward(run)[0] < -3.0 * len(run)


def _plain(block: Block) -> list[Found]:
    """Names that a form or a title tells without more: a family name behind its label, Latin letters behind a title."""
    text = block.text
    out: list[Found] = []
    if "นามสกุล" in text:
        for told in _SURNAME.finditer(text):
            named = "ชื่อ" in text[max(0, told.start() - 40) : told.start()] and text[told.start() - 1] not in "-/"
            if named and not _STOP.match(told[1]) and not _OTHER.match(told[1]):
                out.append(Found(told.start(1), told.end(1), "PERSON", 0.7, RECOGNISER, "context"))
    if block.has(LETTER):
        kinds = block.kinds
        begins = np.flatnonzero(((kinds[1:] & UPPER) != 0) & ((kinds[:-1] & LETTER) == 0)) + 1
        for at in begins.tolist():
            roman = (
                _ROMAN.match(text, at) if text[max(0, at - 12) : at].rstrip(" :：").endswith(_ROMAN_TITLES) else None
            )
            if roman:
                out.append(Found(at, roman.end(), "PERSON", 0.7, RECOGNISER, "context"))
    return out


def _beside(text: str, starts: Ints, ends: Ints, found: list[Found]) -> list[Found]:
    """Names of a given and a family name beside such a name in a list."""
    out: list[Found] = []
    begins = {item.start for item in found if " " in text[item.start : item.end]}
    todo = list(found)
    while todo:
        item = todo.pop()
        if " " not in text[item.start : item.end]:
            second = _known().match(text, item.end + 3) if text.startswith("กับ", item.end) else None
            first = text[item.start : item.end]
            if second and (first in _SPEAKERS or second[0] not in WORDY) and second.start() not in begins:
                out.append(item._replace(start=second.start(), end=second.end()))
            continue
        at = item.end
        joined = _COMMA.match(text, at)
        more: list[Found] = []
        if joined and joined.end() not in begins:
            more += _pair(text, starts, ends, joined.end())
        former = _LISTED.search(text, max(0, item.start - 42), item.start) if item.start else None
        if former and former.start(1) not in begins:
            more += _pair(text, starts, ends, former.start(1))
        out += more
        todo += more
        begins |= {one.start for one in more}
    return out


def _pair(text: str, starts: Ints, ends: Ints, at: int) -> list[Found]:
    """The name at a place of a list, if it has two parts."""
    run = int(np.searchsorted(starts, at, side="right")) - 1
    if run < 0 or at >= ends[run]:
        return []
    one = _look(text, starts, ends, at, run, (_WORTH["cue"], at, "list"))
    return [one] if one is not None and " " in text[one.start : one.end] else []


def _titled(
    text: str,
    starts: Ints,
    ends: Ints,
    marks: dict[int, tuple[float, int, str]],
    titles: list[tuple[int, int]],
    found: Found,
) -> Found | None:
    """The name behind a title that stands within a find: "ศพ" and "นายประสิทธิ์" were read as one name."""
    for begin, at in titles[bisect_left(titles, (found.start + 1, 0)) :]:
        if begin >= found.end:
            break
        if any(_lists().words.get(text[begin - more : at], -99.0) > _USUAL for more in range(1, 5)):
            continue  # "ทนาย" ends like a title
        run = int(np.searchsorted(starts, at, side="right")) - 1
        inner = _look(text, starts, ends, at, run, marks[at])
        if inner is not None:
            return inner
    return None


def _worthy(text: str, marks: dict[int, tuple[float, int, str]], score: Floats) -> Ints:
    """The places behind marks where a known name begins, or letters that speak for one."""
    places = np.fromiter(marks, dtype=np.int64, count=len(marks))
    ahead = np.minimum(places[:, None] + np.arange(3, 12, 2), len(score) - 1)
    best = (score[ahead] - score[places][:, None]).max(axis=1, initial=-9.0)
    known = _known()
    keep = [
        value > (-2.0 if marks[at][2] == "formal" else 1.0)
        or known.match(text, at) is not None
        or (marks[at][2] == "casual" and _BRIEF.match(text, at) is not None)
        or (text[at : at + 2] in _SHORT and marks[at][2] != "loose")
        for at, value in zip(places.tolist(), best.tolist(), strict=True)
    ]
    return places[np.array(keep, dtype=bool)]


def _scores(block: Block) -> Floats:
    """Running sums of how much the letters of a block speak for names."""
    codes = block.codes.astype(np.int64) - 0x0E00
    codes[(codes < 0) | (codes >= SIZE)] = 0
    lean = np.zeros(len(codes) + 1, dtype=np.float32)
    lean[3:] = leaning()[(codes[:-2] * SIZE + codes[1:-1]) * SIZE + codes[2:]]
    return np.cumsum(lean, dtype=np.float64)


def _alone(block: Block, score: Floats, starts: Ints, ends: Ints) -> Ints:
    """Runs without a mark before them that may begin with a name."""
    length = ends - starts
    first = np.minimum(starts + 7, ends)
    value = score[first] - score[starts]
    whole = score[ends] - score[starts]
    short = (length >= 2) & (length <= 14)
    paired = np.zeros(len(starts), dtype=bool)
    paired[:-1] = (starts[1:] == ends[:-1] + 1) & (block.codes[ends[:-1]] == ord(" "))
    return np.flatnonzero((short & paired & (whole > 0.0)) | (value > 3.0))


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    return re.compile(_any(name for name in _lists().names if len(name) > 2))


def _listed(text: str, starts: Ints) -> Ints:
    """Runs that begin with a name of the lists."""
    match = _known().match
    return np.array([i for i, at in enumerate(starts.tolist()) if match(text, at)], dtype=np.int64)


def _look(text: str, starts: Ints, ends: Ints, at: int, run: int, mark: tuple[float, int, str] | None) -> Found | None:
    """The name at a place within a run, where it is likelier than words."""
    stop = int(ends[run])
    part = text[at : min(stop, at + _WINDOW)]
    behind = text[stop : stop + 1] if len(part) == stop - at else part[-1]
    if part[0] in _ABOVE or part in _KIND or _NEVER.match(part) or (behind == "." and len(part) < 5):
        return None
    worth, kind, low = _ALONE, "", at
    if mark is not None:
        worth, begin, kind = mark
        titles = _TITLES.search(text, max(0, begin - 30), at) if kind in ("formal", "casual") else None
        low = titles.start() if titles else at
        if begin < at and text[at - 1] not in " :：.":
            broken = _broken(text, begin, at, int(starts[run]), part)
            worth -= broken if broken < 3.0 else 3.0 * broken
    given = _given(part, behind, kind in ("formal", "casual"))
    size = given.size
    ahead = run + 1 < len(starts) and starts[run + 1] == stop + 1 and text[stop] == " " and len(part) == stop - at
    if kind == "cue" and given.gain < -5.0 and ahead:
        # What is booked or owed stands between: "ผู้จองห้องพัก ชลิต …".
        at = int(starts[run + 1])
        return _look(text, starts, ends, at, run + 1, (worth - 3.0, at, "loose"))
    if not size:
        return None
    end = at + size
    if kind in ("formal", "casual") and (
        (begin < at and text[begin:end] in _lists().words) or text.startswith("แม่น้ำ", max(0, begin - 6), begin)
    ):
        return None  # "นางฟ้า", "หมอดู": words that are built as a title and a name
    if kind in ("", "loose") and (part[:size] in _lists().names or end == stop):
        worth += 3.0 if _SAYS.match(text, end + (end == stop and text[end : end + 1] == " ")) else 0.0
    total = given.gain + worth
    if not kind and text.startswith("กับ", end) and part[:size] in _SPEAKERS and _known().match(text, end + 3):
        total += 4.0
    strange, called = part[:size] in _STRANGERS, False
    more, parts = run + 1, 1
    while end == ends[more - 1] and more < len(starts) and starts[more] == end + 1 and text[end] == " " and parts < 4:
        begin, stop = int(starts[more]), int(ends[more])
        rest = text[begin : min(stop, begin + _WINDOW)]
        behind = text[stop : stop + 1] if len(rest) == stop - begin else rest[-1]
        if behind == "." and len(rest) < 5:
            break
        family = _family(rest, behind, strange, kind in ("formal", "cue", "list") or total > 8.0)
        gain = family.gain + (
            7.0 if kind == "formal" else 5.0 if kind in ("cue", "list") else 4.0 if total > 3.0 else 1.0
        )
        cut = family.gain > -8.0 and _STOP.match(rest, family.size) is not None
        if parts == 1 and len(rest) == stop - begin and not cut and _expected(rest, kind, text, mark, at):
            family = _Reading(len(rest), max(family.gain, -6.0 if kind == "formal" else -9.0))
            gain = max(
                gain, family.gain + (9.0 if kind == "formal" else 10.5 if family.gain > -7.0 or kind == "list" else 0.0)
            )
        elif _backward(rest)[0] > -1.9 * len(rest) - 2.0 and rest[: family.size] not in _lists().family:
            gain -= 5.0
        telling = _TELLS.match(text, begin + family.size) is not None
        gain += 3.0 if telling and parts == 1 else 0.0
        if parts > 1:
            gain -= 3.0 if strange else 0.0 if called and not _SAYS.match(rest) else 9.0
        if not family.size or gain < 1.0:
            break
        total += min(gain, 6.0) + (3.0 if telling and not kind else 0.0)
        # A nickname, the name and the name of the family: "เมย์ รัชนก อินทนนท์".
        called = parts == 1 and part[:size] in _NICK and _given(rest, behind, False).gain > 3.0
        end = begin + family.size
        more += 1
        parts += 1
        if family.size < len(rest):
            break
    if parts == 1 and (part[:size] in WORDY or part[:size] in _STOPS) and kind in ("", "loose", "cue"):
        told = text[max(0, at - 6) : at].rstrip(" :：")
        if not told.endswith("ชื่อ") and (kind != "cue" or text[at - 1] not in " :："):
            return None
    if kind in ("", "loose") and parts == 2 and part[:size] in WORDY and text[at + size + 1 : end] in WORDY:
        return None  # ingredients: "แป้ง น้ำตาล"
    if total < _ENOUGH + (0.0 if mark is not None or parts > 1 else 0.5 if size > 4 and part[:size] in _LONG else 2.0):
        return None
    return Found(low, end, "PERSON", 0.85 if kind == "formal" else 0.7, RECOGNISER, "context" if mark else "lexicon")


def _expected(run: str, kind: str, text: str, mark: tuple[float, int, str] | None, at: int) -> bool:
    """Whether a whole run behind a given name can be but its family name: papers and letters write both."""
    stop = _STOP.match(run)
    if (
        not 4 <= len(run) <= 16
        or (stop and len(stop[0]) > (2 if kind == "list" else 0))
        or _SAYS.match(run)
        or _TELLS.match(run)
        or _OTHER.match(run)
    ):
        return False
    if kind == "formal":
        return True
    return kind in ("cue", "list") or (
        kind == "casual" and mark is not None and text[mark[1] : at].strip(" :：") == "คุณ"
    )


_NICK = frozenset(NICKNAMES)
_STOPS = frozenset(STOPS)
#: Given names that were written down and are no words.
_LONG = frozenset(GIVEN) - WORDY
_SPEAKERS = frozenset((*NICKNAMES, *GIVEN, *FOREIGN)) - WORDY
#: Nicknames of two letters.
_SHORT = frozenset(name for name in NICKNAMES if len(name) == 2)
_STRANGERS = frozenset((*FOREIGN, *ABROAD))


def _broken(text: str, begin: int, at: int, start: int, part: str) -> float:
    """How much likelier it is that a title within a run is a part of words than a word by itself."""
    low = max(start, begin - 10) if start < begin else begin
    before, mark = text[low:begin], text[begin:at].strip(" :：")
    whole = _backward(before + mark + part[:14])[0]
    split = _backward(before)[0] + _lists().words.get(mark, -9.0) + _backward(part[:14])[0]
    return max(0.0, whole - split - 1.0)

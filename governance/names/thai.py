"""Thai names: behind a title, a cue or a role a given name and a family name, parted by a space; and known names.

Thai is written without spaces between words. Where a name ends is told by the words behind it: a dictionary says
whether what is left can be read as words, and a list says with which words it may begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from governance.names.block import Block, Found
from governance.names.lexicon import load, unpacked
from governance.names.thai_lists import (
    CASUAL,
    CUES,
    FILLERS,
    FOREIGN,
    FORMAL,
    GIVEN,
    NICKNAMES,
    NOT_AFTER,
    OPENERS,
    STOPS,
)

RECOGNISER = "names_thai"
_C = "\u0e01-\u0e3a\u0e40-\u0e4e"


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


_MARK = re.compile(
    f"(?P<formal>{_any(FORMAL)})|(?P<casual>{_any(CASUAL)})|(?P<cue>{_any(CUES)})(?:{_any(FILLERS)}){{0,2}}"
)
_RUN = re.compile(f" ?[:：]? ?(?P<given>[{_C}]{{2,40}})(?P<more> (?:ณ )?[{_C}]{{2,40}})?")
_PAIR = re.compile(f"(?<![{_C}.])(?P<given>[{_C}]{{2,16}}) (?P<family>[{_C}]{{3,40}})")
_STOP = re.compile(f"(?:{_any(STOPS)})")
_NOT = re.compile(f"(?:{_any(NOT_AFTER)}|ก\\Z)")
_OPENER = re.compile(f"(?:{_any(OPENERS)})\\Z")
#: Words that begin what stands behind a name without a title.
_TELLS = re.compile(
    f"[ ]?(?:{_any(w for w in STOPS if len(w) > 3)}|อดีต|ประธาน|เจ้าของ|ผู้นำ|หัวหน้า|นัก|แม่ทัพ|ดารา|กัปตัน|กุนซือ|โค้ช)"
)


class _Lists(NamedTuple):
    names: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = load("others")
    names = {*unpacked(data["th_given"]), *GIVEN, *FOREIGN}
    words = set(unpacked(data["th_words"])) - set(FOREIGN)
    return _Lists(frozenset(names), frozenset(unpacked(data["th_family"])), frozenset(words))


@lru_cache(maxsize=1 << 12)
def _readable(run: str) -> tuple[bool, ...]:
    """For each place of a run whether what follows can be read as words of the dictionary."""
    words = _lists().words
    size = len(run)
    out = [False] * size + [True]
    for i in range(size - 2, -1, -1):
        for end in range(i + 2, min(size, i + 14) + 1):
            if out[end] and run[i:end] in words:
                out[i] = True
                break
    return tuple(out)


def _given(run: str, formal: bool, followed: bool) -> int:
    """How many characters of a run are a given name, 0 for none."""
    known = _lists()
    able = _readable(run)
    for end in range(min(len(run), 16), 1, -1):
        if (run[:end] in known.names or run[:end] in _NICKNAMES) and (
            end == len(run) or _STOP.match(run, end) or (able[end] and not _mark_above(run, end))
        ):
            return end
    if able[0] and _STOP.match(run):
        return 0
    for end in range(2 if formal else 3, min(len(run), 16)):
        stop = _STOP.match(run, end) if able[end] and not _mark_above(run, end) else None
        if stop is not None and not (formal and followed and len(run) - end < 4):
            head = run[:end]
            if not formal and _readable(head)[0] and not head.startswith("สม"):
                return 0
            return end
    if len(run) > 16:
        return 0
    if not able[0]:
        return len(run)
    return len(run) if formal or (followed and run not in known.words) else 0


_NICKNAMES, _STRANGERS = frozenset(NICKNAMES), frozenset(FOREIGN)
#: Words behind names with which family names begin as well.
_ALSO_NAMES = frozenset("มี อยู่ ใจดี จึง ทำ ได้ เป็น ให้ ดี นำ ลง คน ต่อ ชาย ทั้ง สวย ขึ้น สู้ นัก พบ ชนะ พร้อม ชาว".split())
#: Words that family names are made of.
_ELEMENT = re.compile(
    "ศรี|ทอง|แก้ว|สุข|บุญ|วงศ์|วงษ์|พงษ์|พงศ์|พันธ|ชัย|รัตน|สวัสดิ์|จันทร์|เพชร|แสง|กุล|ใจดี|มงคล|เจริญ|ประเสริฐ|สกุล|ศักดิ์|อินทร์|คำ|พรหม|เดช|ไพ|วัฒน|ธรรม|ดิศ|โชติ|สิงห์|มั่น|ลิ้ม|แซ่|ตระกูล"
)


def _mark_above(run: str, at: int) -> bool:
    """Whether a vowel or a tone at this place belongs to the letter before it."""
    return (
        run[at]
        in "\u0e30\u0e31\u0e32\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d"
    )


def _family(run: str, formal: bool) -> int:
    """How many characters of the run behind a given name are a family name."""
    known = _lists()
    if run in known.family:
        return len(run)
    stop = _STOP.match(run)
    able = _readable(run)
    if (
        stop is not None
        and able[0]
        and not (formal and stop[0] in _ALSO_NAMES and (stop.end() + 1 < len(run) < 16 or run == "ใจดี"))
    ):
        return 0
    for end in range(3, len(run)):
        if (
            able[end]
            and _STOP.match(run, end)
            and not _mark_above(run, end)
            and (end > 4 or not _readable(run[:end])[0])
        ):
            return end
    if len(run) > 24:
        return 0
    if able[0] and not formal and not (len(run) > 4 and _ELEMENT.search(run)):
        return 0
    return len(run)


def find(block: Block) -> list[Found]:
    """Thai names of a block."""
    out: list[Found] = []
    text = block.text
    at = 0
    while mark := _MARK.search(text, at):
        at = mark.start() + 1
        found = _behind(text, mark)
        if found is not None:
            out.append(found)
            at = found.end
        elif mark["formal"]:
            at = mark.start() + 2
    taken = {i for f in out for i in range(f.start, f.end)}
    out += [f for f in _pairs(text) if f.start not in taken and f.end - 1 not in taken]
    return out


def _behind(text: str, mark: re.Match[str]) -> Found | None:
    """The name behind a title or a cue."""
    run = _RUN.match(text, mark.end())
    if run is None:
        return None
    formal, casual = bool(mark["formal"]), bool(mark["casual"])
    given = run["given"]
    known = _lists()
    spaced = run.start("given") > mark.end()
    inside = _inside(text, mark.start())
    if (
        not spaced
        and _NOT.match(given)
        and not _begins_with_name(given, casual and mark["casual"] not in ("คุณ", "แม่", "พ่อ"))
    ):
        return None
    if not spaced and _mark_above(given, 0):
        return None
    if not spaced and not mark[0].endswith("."):
        word = _longer_word(text, mark)
        if word and not any(
            given[:end] in known.names or (casual and given[:end] in _NICKNAMES)
            for end in range(word - mark.end() + 1, min(len(given), 14) + 1)
        ):
            return None
    more = run["more"]
    size = _given(given, formal, more is not None)
    polite = False
    if not size and casual and not spaced and not inside:
        # A word that is nobody's name by itself, with a courtesy before and a word of doing behind.
        size = _courteous(given, mark["casual"], text, run.end("given"))
        polite = size > 0
    if not size:
        return None
    name = given[:size]
    sure = name in known.names or name in _NICKNAMES
    strange = not _readable(name)[0]
    if inside and not (sure or (formal and strange)) and not (mark["formal"] == "นาย" and more):
        return None
    if casual and not sure and not strange and not polite:
        return None
    if (
        mark["cue"]
        and not sure
        and not strange
        and not (more is not None and size == len(given) and _ELEMENT.search(more))
    ):
        return None
    if mark["cue"] and not sure and (mark["cue"] in _LOOSE or len(name) < 4) and more is None:
        return None
    if mark["cue"] and more is None and name in known.words and not _STOP.match(text, _go_on(text, run, size)):
        return None
    if mark["cue"] in ("ติดต่อ", "ลูกค้า", "เจ้าของ", "ประธาน", "บัญชี") and not (
        sure or (more is not None and not _readable(more.strip())[0])
    ):
        return None
    start = run.start("given")
    end = start + size
    if more is not None and size == len(given):
        bare = more.strip()
        rest = bare.removeprefix("ณ ")
        formal = formal or name in _STRANGERS
        length = _family(rest, formal)
        if (
            length
            and (formal or strange or sure)
            and (formal or not _readable(rest[:length])[0] or length > 7 or mark["cue"])
        ):
            end = run.start("more") + len(more) - len(rest) + length
    score = 0.85 if formal else 0.7
    return Found(start, end, "PERSON", score, RECOGNISER, "context")


def _courteous(run: str, title: str, text: str, end: int) -> int:
    """How many characters of a run of ordinary words are a given name or nickname behind a title of courtesy."""
    if title == "คุณ" and len(run) < 11 and not _STOP.match(run) and text[end : end + 1] in " \n,.":
        return len(run) if _STOP.match(text, end + 1) or text[end : end + 1] in ",.\n" else 0
    if title in ("พี่", "น้อง", "เจ๊", "เฮีย", "ป้า", "ลุง", "ช่าง"):
        able = _readable(run)
        for size in range(2, min(5, len(run) - 1) + 1):
            if able[size] and run[:size] in _lists().words and _STOP.match(run, size) and not _mark_above(run, size):
                return size
    return 0


def _go_on(text: str, run: re.Match[str], size: int) -> int:
    """Where the text goes on behind a given name."""
    at = run.start("given") + size
    return at + (text[at : at + 1] == " ")


def _longer_word(text: str, mark: re.Match[str]) -> int:
    """Where the longest word that a mark is the beginning of ends, 0 for none."""
    words, start = _lists().words, mark.start()
    return next((end for end in range(mark.end() + 8, mark.end(), -1) if text[start:end] in words), 0)


def _begins_with_name(run: str, nicknames: bool) -> bool:
    """Whether a run begins with a known name, its rest with what stands behind names."""
    known = _lists()
    able = _readable(run)
    return any(
        (run[:end] in known.names or (nicknames and run[:end] in _NICKNAMES))
        and (end == len(run) or (able[end] and not _mark_above(run, end)))
        for end in range(2, min(len(run), 12) + 1)
    )


_LOOSE = frozenset("ประธาน เจ้าของ ติดต่อ ลูกค้า บัญชี ชื่อ ผู้รับ ผู้ส่ง".split())


def _inside(text: str, at: int) -> bool:
    """Whether a mark stands within a run, behind no word that opens one."""
    before = text[max(0, at - 12) : at]
    if not before or not ("\u0e01" <= before[-1] <= "\u0e4e"):
        return False
    return _OPENER.search(before) is None


def _pairs(text: str) -> list[Found]:
    """A known given name and a family name that open a run, or two strange words beside a role or what names do."""
    out: list[Found] = []
    known = _lists()
    done = -1
    for pair in _PAIR.finditer(text):
        if pair.start() < done:
            continue
        given, family = pair["given"], pair["family"]
        sure = given in known.names or given in _NICKNAMES
        plain = not sure and _readable(given)[0]
        if plain and (len(given) > 8 or len(given) < 3 or _STOP.match(given)):
            continue
        size = _family(family, sure)
        if not size:
            continue
        name = family[:size]
        strange = not _readable(name)[0] or name in known.family or name in known.names
        tells = size < len(family) or _TELLS.match(text, pair.end()) is not None
        tells = tells or (
            sure and text[pair.end() : pair.end() + 1] == " " and _STOP.match(text, pair.end() + 1) is not None
        )
        if (sure and ((strange and (len(given) > 3 or tells)) or tells) and len(name) > 2) or (
            not sure and strange and tells and len(given) > 2
        ):
            end = pair.start("family") + size
            out.append(Found(pair.start(), end, "PERSON", 0.65, RECOGNISER, "lexicon"))
            done = end
    return out

"""Token-per-line files (CoNLL): a token and its tag a line, a blank line between sentences.

Tags are read as BIO, IOB, BIOES, BMES, BILOU or bare names. Offsets are those in the text that the tokens make when
put together: without spaces in languages that write none, and where every token of a sentence is one character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

_NO_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
_BEGIN, _INSIDE, _LAST, _ONE = "B", "IM", "EL", "SUW"

Sentence = list[tuple[str, str]]
Found = tuple[int, str, list[tuple[int, int, str]]]


def token_records(lines: Iterable[str], language: str, fault: Callable[[int, str], None]) -> Iterator[Found]:
    """(line of the first token counted from 0, text, labels) of each sentence."""
    sentence: Sentence = []
    first = 0
    for number, line in enumerate(lines):
        line = line.rstrip("\r\n")
        if not line.strip() or line.startswith("-DOCSTART-"):
            if sentence:
                yield (first, *joined(sentence, language))
            sentence = []
            continue
        if line.startswith("# ") and not sentence:
            continue
        if line.startswith(" "):
            cells = [" ", line.strip()]  # the token is a space
        else:
            cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) < 2 or not cells[0] or not cells[-1]:
            fault(number, "is no token with a tag")
            continue
        if not sentence:
            first = number
        sentence.append((cells[0], cells[-1]))
    if sentence:
        yield (first, *joined(sentence, language))


def joined(sentence: Sentence, language: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text of a sentence and its labels as (start, end, name)."""
    tight = language.partition("-")[0].lower() in _NO_SPACES or all(len(token) == 1 for token, _ in sentence)
    parts: list[str] = []
    labels: list[tuple[int, int, str]] = []
    at, going = 0, False
    for token, tag in sentence:
        if parts and not tight:
            parts.append(" ")
            at += 1
        mark, name = split(tag)
        if not name:
            going = False
        elif going and mark not in (_BEGIN, *_ONE) and labels[-1][2] == name:
            labels[-1] = (labels[-1][0], at + len(token), name)
        else:
            labels.append((at, at + len(token), name))
        if name:
            going = mark not in (*_LAST, *_ONE)
        parts.append(token)
        at += len(token)
    return "".join(parts), labels


def split(tag: str) -> tuple[str, str]:
    """``B-PER`` as ("B", "PER"), ``PER`` as ("I", "PER"), ``O`` as ("O", "")."""
    if tag in ("O", "_", "-"):
        return "O", ""
    if len(tag) > 2 and tag[1] in "-_" and tag[0] in "BIMELSUW":
        return tag[0], tag[2:]
    if len(tag) > 2 and tag[-2] == "-" and tag[-1] in "BIMELSUW":
        return tag[-1], tag[:-2]
    return _INSIDE[0], tag

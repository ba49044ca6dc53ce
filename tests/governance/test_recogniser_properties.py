"""What must hold of the pattern lane whatever the text."""

from __future__ import annotations

import dataclasses
import os
import pickle
import re
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recogniser_samples import ALONE, CLEAN, LABELLED

from governance.pseudonyms import DROPPED, MASK, Key
from governance.recognisers import shape
from governance.recognisers.automata import LONG_ROW_BYTES
from governance.recognisers.engine import PatternEngine, resolve, whole_characters
from governance.recognisers.library import patterns_for
from governance.recognisers.normalise import LONGEST_TOKEN, fold, rows_to_fold
from governance.recognisers.pattern import MAX_NEEDLE, Covered, Pattern, prepare
from governance.recognisers.wordfinder import trie
from transforms.redact import apply_spans

REGIONS = ("CN", "US", "GB", "SG", "BR", "KR", "TH", "VN", "ID", "RU", "ES")
PATTERNS = patterns_for(tuple(sorted(REGIONS)))
ENGINES = {name: PatternEngine(REGIONS, backend=name) for name in ("hyperscan", "re2", "re")}
ENGINE = ENGINES["hyperscan"]
KEY = Key(b"k" * 32)
EXAMPLES = int(os.environ.get("CLEARINGHOUSE_EXAMPLES", "30"))
"""Texts a property; a search for rare faults sets thousands."""

VALUES = [value for values in ALONE.values() for value in values]
PHRASES = ["".join(parts) for rows in LABELLED.values() for parts in rows]
NEIGHBOURS = [
    "", " ", "\n", "\t", "，", "。", "：", "(", ")", "（", "）", "-", "—", "_", ".", ",", "/", "#", "=", "\"", "“", "*",
    "***", "我", "的邮箱是", "电话", "かな", "カナ", "한국", "ไทย", "русский", "é", "ñ", "a", "Z", "tel", "x",
    "7", "42", "２", "٣", "๙", "①", "👍", "👨\u200d👩\u200d👧", "e\u0301", "\u200b", "\u200d", "\ufe0f", "\u20e3",
    "\u0e33", "\u0600", "🇨🇳", "👍🏽", "<PHONE_NUMBER>", "<PERSON:abcdefgh>", "<>", "<", ">", "@", "+", "00", "86",
    "\u3000", "\u00a0", "138****8000",
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(PHRASES),
    st.sampled_from(NEIGHBOURS),
    st.sampled_from(CLEAN),
    st.text("0123456789 -.+()@:/abcxXFE１８", max_size=24),
    st.text(max_size=6),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join).filter(lambda s: not any("\ud800" <= c <= "\udfff" for c in s))
# The first run compiles automata, and machines are shared: time says nothing here.
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=EXAMPLES)


def spans(engine: PatternEngine, texts):
    return list(engine.scan(pa.array(texts, pa.large_string())))


def scrub(text: str, form: str) -> str:
    """Every find replaced in one of the forms that a policy may ask for."""
    found = ENGINE.scan([text])
    gone = np.flatnonzero(~found.keep)
    replacements = []
    for i in gone:
        entity = found.entities[found.entity[i]]
        value = text[found.start[i] : found.end[i]]
        replacements.append(
            {"placeholder": f"<{entity}>", "pseudonym": KEY.pseudonym(entity, value), "mask": MASK, "drop": DROPPED}[
                form
            ]
        )
    array = pa.array([text], pa.large_string())
    return apply_spans(array, found.row[gone], found.start[gone], found.end[gone], replacements)[0].as_py()


# --- the needle is a superset of the verifier ---


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_needles_are_short_and_compile_everywhere(pattern: Pattern):
    import hyperscan
    import re2

    least, most = re._parser.parse(pattern.needle).getwidth()
    assert least >= 1
    assert most * 4 <= MAX_NEEDLE
    assert not re.compile(pattern.needle).match("")
    database = hyperscan.Database()
    database.compile(expressions=[pattern.needle.encode()], ids=[0])
    assert re2.compile(pattern.needle)
    # Byte-wise and character-wise engines read classes alike where these hold ASCII alone.
    classes = re.findall(r"\\.|(\[(?:\\.|[^\]\\])*\])", pattern.needle, re.DOTALL)
    assert "".join(classes).isascii(), "classes in needles are ASCII"


def needle_is_missing(pattern: Pattern, text: str) -> str | None:
    """The first match in folded `text` that counts and has no needle where the engine expects one: inside it, and
    ending no farther from its beginning than the pattern says."""
    at = 0
    while found := pattern.verifier.search(text, at):
        at = found.start() + 1
        if pattern.check is not None and pattern.check(found) is None:
            continue
        end = min(found.end(), found.start() + pattern.back)
        for first in (pattern.shape.lead, pattern.shape.opening):
            assert first is None or first.match(text, found.start())
        assert pattern.shape.ends is None or pattern.shape.ends.match(text, found.end() - 1)
        assert pattern.shape.letters is None or all(map(pattern.shape.letters.match, found[0]))
        needle = re.search(pattern.needle, text[found.start() : end], re.DOTALL)
        if not needle or not beside(pattern.needle, text, found.start(), end):
            return found[0]
        # What the engine asks beforehand holds for every match that may count.
        digits, before, behind = pattern.around
        stop = len(text[: found.start() + needle.end()].encode())
        near = text.encode()[max(0, stop - before) : stop + behind]
        assert sum(48 <= byte < 58 for byte in near) >= digits
        if pattern.context is not None and pattern.context.supports(text, *found.span()):
            assert pattern.context.possible(text, found.start(), found.start(), pattern.shape.width)
    return None


def beside(needle: str, text: str, start: int, end: int) -> bool:
    """Whether a needle stands there in the text as it is, what it says of the characters beside it included."""
    looking = re.sub(r"\(\?:\^\|\[\^((?:\\.|[^\]\\])*)\]\)", r"(?<![\1])", needle)
    looking = re.sub(r"\(\?:\$\|\[\^((?:\\.|[^\]\\])*)\]\)", r"(?![\1])", looking)
    looking = looking.replace("(?:^|(?-i:[^A-Za-z]))", "(?<![A-Za-z])")
    there = re.compile(looking, re.DOTALL).search(text, start)
    return there is not None and there.start() < end


@RELAXED
@given(TEXTS)
def test_needle_is_in_every_match_of_its_verifier(text):
    folded = fold(text).text
    for pattern in PATTERNS:
        assert needle_is_missing(pattern, folded) is None, pattern.name


#: Verifiers longer than that hold long lists of labels, of which texts take minutes to make.
LONG = 1000


def _by_length(pattern: Pattern):
    marks = [pytest.mark.exhaustive] if len(pattern.verifier.pattern) > LONG else []
    return pytest.param(pattern, id=pattern.name, marks=marks)


@pytest.mark.parametrize("pattern", [_by_length(pattern) for pattern in PATTERNS])
def test_needle_is_in_generated_matches(pattern: Pattern):
    # Texts made from the verifier itself, its guards taken off (they can only forbid).
    bare = re.compile(
        _unguarded(pattern.verifier.pattern),
        pattern.verifier.flags & ~re.UNICODE if pattern.verifier.flags & re.ASCII else pattern.verifier.flags,
    )

    # Texts of long lists of labels are dear to make, and there are many patterns; CLEARINGHOUSE_EXAMPLES asks for more.
    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=max(5, EXAMPLES // 5))
    @given(st.from_regex(bare, fullmatch=True))
    def check(text):
        assert needle_is_missing(pattern, text) is None

    check()


def _unguarded(expression: str) -> str:
    """`expression` without look-around groups."""
    out, depth, i = [], 0, 0
    while i < len(expression):
        if depth == 0 and re.match(r"\(\?(?:=|!|<=|<!)", expression[i:]):
            depth = 1
            i += 2
        elif depth:
            if expression[i] == "\\":
                i += 1
            elif expression[i] == "[":
                i = expression.index("]", i + 2)
            elif expression[i] == "(":
                depth += 1
            elif expression[i] == ")":
                depth -= 1
        else:
            out.append(expression[i])
            if expression[i] == "\\":
                i += 1
                out.append(expression[i])
            elif expression[i] == "[":
                end = expression.index("]", i + 2)
                out.append(expression[i + 1 : end + 1])
                i = end
        i += 1
    return "".join(out)


# --- folding ---


@RELAXED
@given(TEXTS)
def test_fold_is_idempotent_and_gated_exactly(text):
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    gated = len(rows_to_fold(pa.array([text], pa.large_string()))) == 1
    assert gated or folded.text == text
    if folded.starts is not None:
        assert len(folded.starts) == len(folded.text)
        assert folded.starts == sorted(set(folded.starts))
    else:
        assert len(folded.text) == len(text)


@RELAXED
@given(TEXTS)
def test_folding_keeps_every_letter_and_digit_in_its_place(text):
    folded = fold(text)
    for index, character in enumerate(folded.text):
        if character.isascii() and character.isalnum():
            original = text[folded.original(index, index + 1)[0]]
            assert unicodedata.normalize("NFKC", original) == character or unicodedata.digit(original, -1) == int(
                character
            )


# --- one answer ---


@RELAXED
@given(st.lists(st.one_of(TEXTS, st.none()), max_size=6))
def test_backends_agree(texts):
    expected = spans(ENGINES["re"], texts)
    assert spans(ENGINES["hyperscan"], texts) == expected
    assert spans(ENGINES["re2"], texts) == expected


@RELAXED
@given(TEXTS)
def test_the_fast_lane_is_every_pattern_on_every_row(text):
    folded = fold(text)
    sure, weak = [], []
    for i, pattern in sorted(enumerate(PATTERNS), key=lambda item: item[1].never_sure(0.5)):
        covered = Covered(hit for _, hit in sure) if pattern.never_sure(0.5) else None
        found, unsure = pattern.look(folded.text, covered=covered)
        sure += [(i, hit) for hit in found]
        weak += [(i, hit) for hit in unsure]
    weak = [
        (i, PATTERNS[i].supported(folded.text, hit))
        for i, hit in weak
        if not any(other.start <= hit.start and hit.end <= other.end for _, other in sure)
    ]
    hits = sure + [(i, hit) for i, hit in weak if hit is not None]
    expected = [
        (*whole_characters(text, *folded.original(hit.start, hit.end)), PATTERNS[i].name)
        for i, hit in resolve(folded.text, hits, PATTERNS)
        if PATTERNS[i].kind != "shield"
    ]
    engine = PatternEngine(REGIONS, settle=False)
    assert [(s.start, s.end, s.recogniser) for s in spans(engine, [text])] == expected


SPELT_OUT = (
    "kim", "j.doe", "é.x", "x-y", "example", "com", "net", "uk", "gmail", "a", "ort", "1", "_", " ", ".", "\n", " . ", ")", "(",
    " dot ", " DOT ", " punto ", "[dot]", "点", " chấm ", " at ", " AT ", "[at]", " (a) ", "@", "@ ", " @ ", "-at-", "_at_", "Ⓐ",
    "艾特", " 圈a ", "%40", "&#64; ", "小老鼠", " arroba ", " a còng ", " собака ",
)  # fmt: skip


@RELAXED
@given(st.lists(st.sampled_from(SPELT_OUT), min_size=3, max_size=14).map("".join), st.integers(0, 40))
def test_a_match_is_found_by_its_pivot_wherever_it_begins(text, first):
    for pattern in (pattern for pattern in PATTERNS if pattern.pivot is not None):
        for windows in ((), ((0, first), (first + 1, len(text))), ((first // 2, first), (first, first + 3))):
            found = pattern.look(text, windows, threshold=0.5)
            assert found == pattern.look(text, windows, threshold=0.5, plain=True), (text, windows)


@RELAXED
@given(st.lists(TEXTS, min_size=2, max_size=6), st.data())
def test_rows_do_not_see_each_other_and_slices_are_read_in_place(texts, data):
    whole = pa.array([None, *texts, None], pa.large_string())
    start = data.draw(st.integers(0, len(texts)))
    part = whole.slice(1 + start, len(texts) - start)
    alone = [[s[1:] for s in spans(ENGINE, [text])] for text in texts[start:]]
    found = list(ENGINE.scan(part))
    assert [[s[1:] for s in found if s.row == i] for i in range(len(part))] == alone


@RELAXED
@given(TEXTS, st.integers(0, 300), st.sampled_from(["普通的话。", "plain words ", "数字 12 和 34\n", "é"]))
def test_long_rows_are_short_rows(text, more, filler):
    # Whatever the cut, what stands in a long row is found as it is in a short one.
    pad = filler * (LONG_ROW_BYTES // len(filler.encode()) + more)
    short = spans(ENGINE, [f"{filler * 16}\n{text}\n{filler * 16}"])
    offset = len(pad) - len(filler) * 16
    for name in ("hyperscan", "re2", "re"):
        long = spans(ENGINES[name], [f"{pad}\n{text}\n{pad}"])
        assert [(s.start - offset, s.end - offset, *s[3:]) for s in long] == [(s.start, s.end, *s[3:]) for s in short]


@pytest.mark.parametrize("backend", ["re", "re2"])
@RELAXED
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_rows_are_left_alone_only_where_a_second_look_finds_nothing(backend, texts):
    # These two do not tell where needles stand: they look at every row with finds again, in full.
    assert spans(ENGINES["hyperscan"], texts * 3) == spans(ENGINES[backend], texts * 3)


@RELAXED
@given(TEXTS)
def test_no_score_is_above_what_its_pattern_says(text):
    folded = fold(text).text
    for pattern in PATTERNS:
        assert all(hit.score <= pattern.most_score for hit in pattern.find(folded, threshold=0)), pattern.name


# --- what a scrub may and may not do ---


@RELAXED
@given(TEXTS, st.sampled_from(["placeholder", "pseudonym", "mask", "drop"]))
def test_a_second_scrub_changes_nothing(text, form):
    once = scrub(text, form)
    assert scrub(once, form) == once


@RELAXED
@given(TEXTS)
def test_spans_are_disjoint_in_order_and_split_no_character(text):
    found = spans(ENGINE, [text])
    edges = {0}
    for cluster in regex.finditer(r"\X", text):
        edges.add(cluster.end())
    last = 0
    for span in found:
        assert last <= span.start < span.end <= len(text)
        assert span.start in edges
        assert span.end in edges
        last = span.end


@RELAXED
@given(TEXTS)
def test_nothing_outside_a_span_changes(text):
    found = [s for s in spans(ENGINE, [text]) if not s.keep]
    outside, at = [], 0
    for span in found:
        outside.append(text[at : span.start])
        at = span.end
    outside.append(text[at:])
    expected = outside[0] + "".join(f"<{s.entity}>{rest}" for s, rest in zip(found, outside[1:], strict=True))
    assert scrub(text, "placeholder") == expected


@RELAXED
@given(TEXTS)
def test_resolving_leaves_no_hit_uncovered(text):
    folded = fold(text).text
    hits = [(i, hit) for i, pattern in enumerate(PATTERNS) for hit in pattern.find(folded)]
    kept = resolve(folded, hits, PATTERNS)
    covered = {c for i, hit in kept if PATTERNS[i].kind == "pii" for c in range(hit.start, hit.end)}
    shielded = {c for i, hit in kept if PATTERNS[i].kind != "pii" for c in range(hit.start, hit.end)}
    for i, hit in hits:
        if PATTERNS[i].kind == "pii":
            for c in range(hit.start, hit.end):
                assert c in covered or c in shielded or not folded[c].isalnum()


# --- blobs, size, processes ---


def test_unbroken_tokens_are_listed_and_not_scanned():
    blob = "QUJD" * (LONGEST_TOKEN // 4)
    text = f"附件 data:image/png;base64,{blob}13800138000 电话13900139000"
    found = ENGINE.scan([text, "没有"])
    assert [text[s.start : s.end] for s in found] == ["13900139000"]
    assert found.skipped == ((0, "unbroken_token"),)


def test_engines_travel_between_processes():
    copy = pickle.loads(pickle.dumps(ENGINE))
    assert spans(copy, ["电话13800138000"]) == spans(ENGINE, ["电话13800138000"])


def test_empty_null_and_other_types():
    assert len(ENGINE.scan([])) == 0
    assert len(ENGINE.scan(pa.array([None, "", None], pa.string()))) == 0
    coded = pa.array(["电话13800138000", "无"] * 2).dictionary_encode()
    assert [s.row for s in ENGINE.scan(coded)] == [0, 2]
    chunked = pa.chunked_array([["a"], ["13800138000"]])
    assert [s.row for s in ENGINE.scan(chunked)] == [1]


def test_compiled_automata_are_kept_and_damage_only_costs_time(tmp_path, monkeypatch):
    from governance.recognisers import automata

    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    needles = ("13[0-9]{9}", "[a-z]@[a-z]")

    def answer():
        made = automata.HyperscanAutomaton(needles)
        units = automata.cut(memoryview(b"x13800138000 a@b"), np.array([0, 12, 16]))
        return [column.tolist() for column in made.pairs(units, [64, 64])]

    first = answer()
    files = list((tmp_path / "clearinghouse").iterdir())
    assert len(files) == 3, "numbers, what is none, and what needles say of themselves"
    assert answer() == first == [[0, 1], [0, 1]]
    for file in files:
        whole = file.read_bytes()
        for damage in (b"", b"nonsense", whole[: len(whole) // 2], whole[:100] + b"\xff\xff" + whole[102:]):
            file.write_bytes(damage)
            assert answer() == first
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(files[0] / "no folder"))
    assert answer() == first


def test_what_expressions_say_is_kept_and_the_same_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    own = {
        "least": lambda pattern: pattern.least,
        "back": lambda pattern: pattern.back,
        "around": lambda pattern: pattern.around,
        "tail": lambda pattern: pattern.tail,
        "lead": lambda pattern: pattern.shape.lead,
        "start": lambda pattern: pattern.shape.start,
        "ends": lambda pattern: pattern.shape.ends,
        "letters": lambda pattern: pattern.shape.letters,
        "opening": lambda pattern: pattern.shape.opening,
        "plain": lambda pattern: pattern.shape.begins_plainly,
    }

    def told():
        shape.shape.cache_clear()
        fresh = tuple(dataclasses.replace(pattern) for pattern in PATTERNS[::3])
        prepare(fresh)
        return [{name: say(pattern) for name, say in own.items()} for pattern in fresh]

    shape.shape.cache_clear()
    alone = [{name: say(dataclasses.replace(pattern)) for name, say in own.items()} for pattern in PATTERNS[::3]]
    assert told() == alone
    (file,) = (tmp_path / "clearinghouse").iterdir()
    with monkeypatch.context() as patched:
        patched.setattr(shape, "_parsed", None)  # nothing is parsed again
        assert told() == alone
    whole = file.read_bytes()
    for damage in (b"", b"nonsense", whole[:-9], whole.replace(b"1", b"2", 1), whole[:-9] + b"7" + whole[-8:]):
        file.write_bytes(damage)
        assert told() == alone
        assert file.read_bytes() == whole


def test_a_trie_matches_its_words_and_no_others():
    words = {"tel", "telefon", "t", "mobil", "mobile", "电话", "电", "a.b", "a.c"}
    assert trie(words) == "(?:a\\.(?:b|c)|mobil(?:e)?|t(?:el(?:efon)?)?|电(?:话)?)"
    assert all(re.fullmatch(trie(words), word) for word in words)
    assert not any(re.fullmatch(trie(words), word) for word in ("", "te", "mob", "话", "axb", "tele"))
    assert trie({""}) == ""
    assert re.fullmatch(trie({"", "x"}), "")


def test_needles_in_portions_match_what_they_match_whole():
    from governance.recognisers.needle_scan import _branches, _opening, portions

    assert _branches("a(?:b|c)|[|]d|\\|e") == ["a(?:b|c)", "[|]d", "\\|e"]
    assert _opening("(?:a|b(?:c|d))e?") == (["a", "b(?:c|d)"], "e?")
    assert _opening("(?:a|b)?c") == (["(?:a|b)?c"], "")
    assert _opening("x(?:a|b)") == (["x(?:a|b)"], "")
    words = [f"w{i:02d}" for i in range(70)]
    parts = portions(f"(?i)(?:{'|'.join(words)})[0-9]|z")
    assert len(parts) == 4
    assert all(any(re.fullmatch(part, word.upper() + "1") for part in parts) for word in words)
    for needle in {pattern.needle for pattern in PATTERNS}:
        for part in portions(needle):
            re.compile(part)


def test_numbers_are_found_wherever_they_stand():
    """Numbers are looked for only where digits are; the other automata look everywhere."""
    values = ["13800138000", "138-0013-8000", "010-69590000", "4111 1111 1111 1111"]
    texts = [
        before + value + after
        for value in values
        for before in ("", "1 2 3 ", "话" * 30, "x" * 80, "7" + "x" * 70)
        for after in ("", " 1 2 3 4 5 6 7", "，" * 30, "y" * 80 + value)
    ]
    texts += ["".join(texts), "z" * 5000 + values[0], ""]
    assert spans(ENGINES["hyperscan"], texts) == spans(ENGINES["re"], texts)


_CELLS = (
    st.from_regex(r"[0-9]{3,8}|[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{3,7}|11010519[4-9][0-9][01][0-9][0-3][0-9]{4}[0-9X]", fullmatch=True)
    | st.sampled_from(("4111 1111 1111 1111", "6222021001122334", "110105 19491231 002X", "138 0013 8000"))
)  # fmt: skip


@RELAXED
@given(
    st.lists(_CELLS, min_size=30, max_size=60),
    st.sampled_from((" ", "\n", "\t", " | ")),
    st.just([""] * 60)
    | st.lists(st.sampled_from(("", "", "", " 身份证: ", " card no. ", " tel ")), min_size=60, max_size=60),
)
def test_a_table_of_numbers_is_read_as_any_text_is(cells, apart, said):
    """What no word stands beside is found without those that need one, and nothing else."""
    text = "".join(f"{word}{cell}{apart}" for cell, word in zip(cells, said, strict=False))
    for pattern in (pattern for pattern in PATTERNS if pattern.context is not None):
        windows = ((0, len(text)),)
        sure, weak = pattern.look(text, windows, threshold=0.5)
        all_sure, all_weak = pattern.look(text, windows, threshold=0.5, plain=True)
        assert sure == all_sure, (pattern.name, text)
        backed = {hit for hit in all_weak if pattern.supported(text, hit) is not None}
        assert backed == {hit for hit in weak if pattern.supported(text, hit) is not None}, (pattern.name, text)

"""Names of other peoples in Hangul: in two or more parts, in one part beside a title, and Chinese ones as they sound."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.block import Block, Found, among
from governance.names.korean_alone import SLOTS, slot, slots
from governance.names.korean_beside import SAID_BEHIND, Context
from governance.names.korean_known import PARTICLE_SET, Words, as_found, lists
from governance.names.korean_lists import FOREIGN, PARTICLES, TITLES
from governance.names.lexicon import hash_spans, load, unpacked

_AFTER_CONSONANT, _AFTER_VOWEL = (
    frozenset("은 을 과 이 으로 이다 이라는 이란 이라고".split()),
    frozenset("는 를 와 가 로 라는 란 라고".split()),
)
_AFTER_ANY = frozenset("의 도 에게 한테 께서 처럼 보다 에서 까지 부터".split())


def _unknown(block: Block, start: int, end: int, sure: bool) -> int:
    """Where a part of a name that no list knows ends within a word, without its particle; 0 where it is a word.

    ``sure``: the name before it is so common that words with which the part begins do not matter.
    """
    text = block.text
    stop = end
    for size in (3, 2, 1):
        rest = text[end - size : end]
        stem = end - size - start
        if stem < 2:
            continue
        closed = (ord(text[end - size - 1]) - 0xAC00) % 28 > 0
        if rest in _AFTER_ANY or rest in (_AFTER_CONSONANT if closed else _AFTER_VOWEL):
            stop = end - size
            break
    if not 2 <= stop - start <= 6 or text[end - 1] in "다요죠" or text[start:end] in SAID_BEHIND:
        return 0
    bounds = [(start, stop), (start, end), (start, min(start + 2, stop)), (start, min(start + 3, stop))]
    table = np.array(bounds[:2] if sure else bounds, dtype=np.int64)
    return 0 if lists().words.get(hash_spans(block.codes, table[:, 0], table[:, 1])).any() else stop


#: Given names of one syllable that are no Korean words.
_SHORT = frozenset(
    "톰 존 폴 짐 잭 벤 빌 샘 맷 댄 론 켄 닉 릭 롭 밥 쟝 앤 조 휴 팀 에 마 쥬 줄 숀 션 딘 진 엠 레".split()
)


def foreign_names(block: Block, words: Words, context: Context) -> list[Found]:
    """Names in two or more parts with a space or a point between, or in one part beside a title."""
    known = lists()
    codes, text = block.codes, block.text
    start, end = words.start, words.end
    length, count = end - start, len(start)
    # The longest part of a name that each word begins with, when what is left is a particle or a title.
    part = np.zeros(count, dtype=np.int64)
    weight = np.zeros(count, dtype=np.int64)
    one = np.flatnonzero(length == 1)
    part[one], weight[one] = 1, known.foreign.get(hash_spans(codes, start[one], end[one]))
    able = np.flatnonzero((length > 1) & _openings()[slots(codes, start)])
    for size in range(2, 8):
        own = able[(length[able] >= size) & (length[able] <= size + 4)]
        if not len(own):
            continue
        often = known.foreign.get(hash_spans(codes, start[own], start[own] + size)).astype(np.int64)
        own, often = own[often > 0], often[often > 0]
        left = length[own] - size
        fits = (left == 0) | (known.rest.get(hash_spans(codes, start[own] + size, end[own])) > 0)
        part[own[fits]], weight[own[fits]] = size, often[fits]
    part[weight == 0] = 0
    whole = (part > 0) & (part == length)
    word = known.words.get(hash_spans(codes, start, start + part))
    strange = (part > 1) & ((word == 0) | ((word == 1) & (weight >= 20)))
    gap = np.zeros(count + 1, dtype=bool)
    between = codes[end[:-1]]
    gap[1:-1] = (start[1:] == end[:-1] + 1) & ((between == ord(" ")) | (between == ord("·")) | (between == ord(".")))
    out: list[Found] = []
    done = -1
    for at in np.flatnonzero(strange | (whole & (part == 1) & (weight > 200))).tolist():
        if at <= done:
            continue
        if not strange[at] and text[start[at]] not in _SHORT:
            continue
        first = at
        while (
            first > 0
            and gap[first]
            and whole[first - 1]
            and first - 1 > done
            and at - first < 2
            and (word[first - 1] < 2 or part[first - 1] == 1)
        ):
            first -= 1
        last = at
        while (
            whole[last]
            and last + 1 < count
            and gap[last + 1]
            and (
                part[last + 1] > 1
                or (
                    part[last + 1] == 1
                    and strange[at]
                    and text[start[last + 1]] in _PARTS
                    and (gap[last + 2] or (last > first and part[last] == 1))
                )
            )
            and text[start[last + 1] : end[last + 1]] not in SAID_BEHIND
            and (word[last + 1] < 2 or (weight[last] > 60 and context.behind[last] < 0.5))
            and last - first < 3
        ):
            last += 1
        begin, stop = int(start[first]), int(start[last] + part[last])
        rest = text[stop : int(end[last])]
        value = sum(
            _worth(
                part[k], weight[k], strange[k], k > first and (word[k] < 2 or (strange[k - 1] and weight[k - 1] > 60))
            )
            for k in range(first, last + 1)
        )
        if (
            last - first < 2
            and whole[last]
            and gap[last + 1]
            and not part[last + 1]
            and weight[last] > 4
            and value >= 0.8
        ):
            more = _unknown(block, int(start[last + 1]), int(end[last + 1]), bool(weight[last] > 20))
            if more:
                last, stop, value = last + 1, more, value + 0.8
        if last == first:
            value = 0.3 if part[at] > 2 and weight[at] > 3 else 0.0
            if part[at] > 2 and weight[at] > 60 and rest in PARTICLE_SET:
                value += 1.4
            elif (part[at] == 2 and weight[at] > 60 and not word[at] and rest and rest in PARTICLE_SET) or (
                part[at] > 1 and weight[at] > 60 and not rest and _rules(block, words, at)
            ):
                value += 1.6
            elif rest and rest not in PARTICLE_SET and rest in SAID_BEHIND:
                value += 1.7 if rest[0] in "쌤샘" else 1.3
        value += context.before[first] + (context.behind[last] if stop == end[last] else 0.0)
        if value >= 1.6 and stop - begin > 1:
            out.append(as_found(begin, stop, value))
            done = last
    return out


#: What somebody holds an office of.
_COUNTRIES = frozenset(
    "미국 중국 일본 러시아 영국 프랑스 독일 이탈리아 스페인 캐나다 호주 인도 베트남 태국 필리핀 인도네시아 말레이시아 싱가포르 대만 터키 튀르키예 이란 이라크 이스라엘 "
    "우크라이나 브라질 멕시코 아르헨티나 칠레 페루 쿠바 이집트 시리아 폴란드 헝가리 오스트리아 스위스 스웨덴 노르웨이 핀란드 덴마크 네덜란드 벨기에 그리스 포르투갈 "
    "필리핀 미얀마 몽골 북한 유엔 삼성 현대".split()
)


def _rules(block: Block, words: Words, at: int) -> bool:
    """Whether a country and an office stand behind a word: "미국 대통령이"."""
    if at + 2 >= len(words.start) or block.text[words.start[at + 1] : words.end[at + 1]] not in _COUNTRIES:
        return False
    office = block.text[words.start[at + 2] : words.end[at + 2]]
    return office in SAID_BEHIND or any(office.startswith(title) for title in TITLES if len(title) > 1)


#: Names of one syllable within or behind others: "응우옌 티 란", "브라이언 쿡".
_PARTS = frozenset(
    "티 반 란 응 히 꾸 득 민 짱 뚜 롱 안 빈 끼 흐 쿡 킴 콜 힐 홀 벨 폭 챈 첸 쉬 쑨 웡 응 탄 림 판 쿤 로 드 킹".split()
)


#: Syllables with which Korean writes Chinese names and few words of its own.
_STRANGE = "샤쥔훙룽쩌췬쉐톈쯔펑옌웨젠즈둥량핑칭윈췐쥐셩셴"
_CHINESE = re.compile(
    "(?:왕|리|장|류|천|양|자오|황|저우|우|쉬|쑨|주|가오|린|허|궈|마|뤄|량|쑹|정|셰|한|탕|펑|위|둥|샤오|청|차오|위안|덩|선|쩡|펑|뤼|쑤|루|장|차이|자|딩|웨이|쉐|예|옌|판|장)"
    "(?:샤오|하오|웨이|페이|메이|루이|위안|쩌둥|밍|쥔|훙|룽|쩌|췬|쉐|톈|쯔|징|펑|옌|웨|젠|즈|화|린|리|팡|나|친|위|란|량|둥|신|민|핑|이|양|궈|원|칭|윈|셩|셴|춘|롄|쥐|창|강|빈|제|천){1,2}"
)


def _strange() -> npt.NDArray[np.bool_]:
    return among(_STRANGE)


def chinese_names(block: Block, words: Words) -> list[Found]:
    """Chinese names as they sound: a family name and syllables that Korean words lack."""
    codes, size = block.codes, words.end - words.start
    first = np.minimum(words.start + 1, len(codes) - 1)
    second = np.minimum(words.start + 2, len(codes) - 1)
    strange = _strange()
    out = []
    for i in np.flatnonzero((size > 2) & (size < 9) & (strange[codes[first]] | strange[codes[second]])).tolist():
        begin, end = int(words.start[i]), int(words.end[i])
        name = _CHINESE.match(block.text, begin, end)
        if name and name.end() - begin > 2 and (name.end() == end or block.text[name.end() : end] in _FOLLOWS):
            out.append(as_found(begin, name.end(), 1.6))
    return out


_FOLLOWS = frozenset((*PARTICLES, *TITLES))


def _worth(part: int, weight: int, strange: bool, follows: bool) -> float:
    if strange:
        return 1.0 if weight > 9 else 0.8
    if part == 1:
        return 0.9 if weight > 200 else 0.6 if weight > 60 else 0.0
    return 0.7 if follows and weight > 2 else 0.25 if weight > 20 else 0.0


@lru_cache(maxsize=1)
def _openings() -> npt.NDArray[np.bool_]:
    """Which two syllables, hashed, a part of a foreign name begins with."""
    table = np.zeros(SLOTS, dtype=bool)
    parts = [name for name in (*FOREIGN, *unpacked(load("others")["ko_foreign"])) if len(name) > 1]
    table[[slot(name) for name in parts]] = True
    return table

"""What people put between a label and its value: one grammar for all labelled patterns.

Signs of any kind (colons, brackets, arrows, tabs, line breaks, quotes, tags' angle brackets, emoji) and a few words of a
closed list ("is", "no.", "是", "填的", "为"). A verifier's gap and the needle's go together: the needle's finds whatever
the other matches, in bytes for Hyperscan and in characters for the others.
"""

from __future__ import annotations

import re
from functools import lru_cache

from governance.recognisers.library.words import listed
from governance.recognisers.wordfinder import trie

LATIN = "A-Za-zÀ-ɏḀ-ỿ"

#: Letters, digits and marks of every script, and fillers: none of them is a sign. First and last of each run.
_LETTERS = (
    "09AZaz\u00aa\u00aa\u00b2\u00b3\u00b5\u00b5\u00b9\u00be\u00c0\u1fff\u2070\u209f\u2c00\u2dff\u3005\u3007\u3021\u302f\u3031\u303c"
    "\u3041\u30fa\u30fc\ufaff\ufe20\ufe2f\ufe70\ufeff\uff10\uff19\uff21\uff3a\uff41\uff5a\uff66\uffdc"
    "\U00010000\U0001efff\U00020000\U0010ffff"
)
#: Where a sentence or a clause ends, the label is no label of what follows.
_STOPS, _COMMAS = "。；;!！?？", ",，、"

#: Words of scripts without edges. At most twelve bytes each, as needles count.
_WORDS = listed(
    "是, 为, 為, 叫, 即, 就是, 也是, 就叫, 应该是, 應該是, 号码, 號碼, 号, 號, 码, 碼, 编号, 編號, 单号, 單號, 账号, 帐号, 帳號, "
    "账户, 番号, 填, 填的, 填的是, 填了, 填写, 填写的, 写, 写的, 写的是, 发, 发你, 发你了, 发您, 发您了, 发了, 给你, 给您, 报一下, "
    "报给你, 如下, 见下, 见下方, 在下面, 下面, 以下, 搜, 搜索, 改成, 换成, 我改成, 我换成, 改的是, 设的是, 设为, 设成, 改为, 变更为, 显示, 显示是, 显示为, 收到, 这个, 这是, "
    "有, 吧, 啊, 哈, 呢, 呀, 哦, 嘛, 一下, 过期了, 失效了, 给, 输, 输入, 输的, 用, 写着, 上写的, 尾号, は, が, 는, 은, 가, 이, 입니다, คือ, "
    "เป็น, ครับ, ค่ะ, ของ, ผม, ฉัน, мой, моя, мои, это, номер, №, nº, n°, ваш, такой"
)
#: Words that stand whole.
_WHOLE = listed(
    "is, are, was, be, as, no, nos, nr, num, number, numbers, numero, número, núm, id, ids, code, val, value, here, below, follows, "
    "following, attached, to, for, use, using, show, shows, says, said, this, it's, its, es, é, son, ser, sou, será, là, của, tôi, bạn, "
    "em, mình, này, adalah, ialah, ini, itu, saya, anda, aku, nya, yaitu, ay, ko, ang, em"
)
#: Names of tags: "P-0848" begins with no tag.
_TAGS = listed("td, th, tr, br, b, strong, span, div, dd, dt, li, p, em")
#: Those before a value that begins with a letter.
_BEFORE_LETTERS = listed(
    "is, id, are, es, é, là, ay, adalah, username, user, name, handle, account, at, as, saya, to, của tôi, của mình, của em"
)
_OTHER = [word for word in _WORDS if word not in ("nº", "n°")]
#: Those that may touch the digits of the value.
_TOUCHING = listed("no, nos, nr, num, number, numero, número, núm, nº, n°, id, code")
_MOST_WORDS, _SIGNS, _LAST_SIGNS = 3, 3, 8
#: Bytes that signs and words of other scripts take at most before a whole word or the value.
_BYTES = _MOST_WORDS * (4 * _SIGNS + 12) + 4 * _LAST_SIGNS
#: Code points that a gap spans at most.
WIDTH = _MOST_WORDS * (_SIGNS + 12) + _LAST_SIGNS


@lru_cache(maxsize=2)
def sign(commas: bool = True) -> str:
    """A class of one sign that may stand between a label and its value, told by what it holds: `re` reads a class
    character by character when it compiles, and letters are ten times as many."""
    out = [(stop, stop) for stop in _STOPS + ("" if commas else _COMMAS)]
    runs, begin = [], 0
    for first, last in sorted([*zip(_LETTERS[::2], _LETTERS[1::2], strict=True), *out]):
        if begin < ord(first):
            runs.append(f"{re.escape(chr(begin))}-{re.escape(chr(ord(first) - 1))}")
        begin = ord(last) + 1
    return f"[{''.join(runs)}]"


@lru_cache(maxsize=64)
def gap(commas: bool = True, signs: str = "", *, lettered: bool = False) -> str:
    """An expression for all that may stand between a label and its value. ``signs``: a class of its own for signs.
    ``lettered``: the value begins with a letter, so that of the words that stand whole two may come, of few."""
    one = signs or sign(commas)
    few, whole = f"{one}{{0,{_SIGNS}}}?", f"(?<![{LATIN}]){{}}(?![{LATIN}0-9_])"
    other, last = trie(set(_OTHER)), f"{one}{{0,{_LAST_SIGNS}}}?"
    if lettered:
        return f"(?:{few}{other}){{0,{_MOST_WORDS}}}(?:{few}{whole.format(trie(set(_BEFORE_LETTERS)))}(?={one})){{0,2}}{last}"
    return (
        f"(?:{few}(?:{other}|(?<![{LATIN}]){trie(set(_TOUCHING))}(?![{LATIN}_])|{whole.format(trie(set(_WHOLE)))}|(?<=[</]){trie(set(_TAGS))}(?=[ >/])"
        f")){{0,{_MOST_WORDS}}}{last}"
    )


def needle_gap(least: int = 0) -> str:
    """The same for a needle whose value begins with a letter, as do words that stand whole; `least` bytes of it."""
    return f"[^0-9A-Za-z]{{{least},{_BYTES}}}"


def room(least: int = 0, letters: int = 0) -> int:
    """Bytes of a gap for a needle that goes on with the first digit of the value, `letters` at most from its beginning."""
    return max(_BYTES + 3 * 12, least) + letters

"""E-mail addresses: as RFC 5321 has them in ASCII and accented Latin, and as people hide them.

A local part or domain in Han, Thai or Cyrillic letters is not taken: such text touches addresses far more often
than it is part of one, and would be swallowed.
"""

from __future__ import annotations

import re

from governance.recognisers.library import words
from governance.recognisers.library.labelled import labelled
from governance.recognisers.library.words import spaced
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "EMAIL_ADDRESS"
# Case is folded for ASCII alone (re.ASCII): the automata know no other, and verifiers must not know more.
_FLAGS = re.IGNORECASE | re.ASCII
_L = "A-Za-zÀ-ɏ"
_LOCAL = rf"(?P<local>(?<![{_L}0-9_])[{_L}0-9_](?:[{_L}0-9._%+'&=~-]{{0,126}}[{_L}0-9_+-])?)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9À-ɏ-]{0,61}[A-Za-z0-9À-ɏ])?"
_TLD = r"(?:[A-Za-z]{2,24}|[Xx][Nn]--[A-Za-z0-9-]{2,59})"
_CYRILLIC = "а-яА-ЯёЁіІїЇєЄ"
_ANY_LABEL = f"[{_L}0-9{_CYRILLIC}\u0e01-\u0e4e\u3400-\u9fff\uac00-\ud7a3][{_L}0-9{_CYRILLIC}\u0e01-\u0e4e\u3400-\u9fff\uac00-\ud7a3-]{{0,62}}"
#: Domains at the top in scripts other than Latin, of the countries that have them (IANA's list of top-level domains).
_OWN_SCRIPT = (
    "рф", "рус", "дети", "москва", "онлайн", "сайт", "орг", "ком", "укр", "бел", "қаз", "срб", "мкд", "мон", "бг",
    "中国", "中國", "公司", "网络", "網絡", "香港", "澳門", "台湾", "台灣", "集团", "我爱你", "在线", "中文网", "商城", "新加坡", "한국", "닷컴", "닷넷", "ไทย", "คอม",
)  # fmt: skip
# Endings of files that stand behind an @ in texts about software: icon@2x.png, module@1.js.
_FILES = spaced("png jpg jpeg gif svg webp bmp ico css js mjs cjs jsx tsx json xml txt pdf mp3 mp4 wav exe dll jar whl")
# Domains people write out: a closed list, because "at" and "dot" are words too.
_COMMON = spaced("com net org edu gov info biz cn io co me hk tw sg my id th vn ph kr jp in br mx es pt ru uk us de fr")
_WRITTEN_OUT = f"(?:{'|'.join(sorted(_COMMON))})(?![A-Za-z0-9À-ɏ])"
_OPEN, _CLOSE = r"[\[({<（【〔]", r"[\])}>）】〕]"
# Signs for "at": those that a space may stand before, and the others.
_HIDDEN = rf"{_OPEN} ?(?:at|@|a|#|艾特|圈a|arroba|собака|골뱅이|แอท) ?{_CLOSE} ?|(?:艾特|爱特|圈a|小老鼠|골뱅이|แอท) ?|&#64; ?|@ ?"
_SAID = "-at-|[Ⓐⓐ]| at | arroba | собака | a còng |_at_|%40"
_AT = f"(?P<at> ?(?:{_HIDDEN})|{_SAID})"
_DOT = rf"(?:\.| ?{_OPEN} ?(?:dot|\.|点|點|punto|ponto|точка) ?{_CLOSE} ?| dot | punto | ponto | точка | chấm |_dot_| ?[点點] ?| ?(?:닷|쩜|점|ดอท|จุด) ?| \. )"
#: What is no ASCII sign but a hyphen or a dot.
_DOMAIN = r"[^\x00-,/:-@\[-`{-\x7f]"
#: The first dot of a domain that is spelt out.
_FAR_DOT = r" ?(?:[\[({<]|（|【|〔) ?(?:dot|punto|ponto|точка|点|點)| (?:dot|punto|ponto|точка|chấm) |_dot_| ?(?:点|點|닷|쩜|점|ดอท|จุด)"
#: One that stands apart, or in brackets.
_APART_DOT = r" \. | ?(?:[\[({<]|（|【|〔) ?\."
_DOTS = "dot|punto|ponto|точка|chấm|[点點닷쩜점]|ดอท|จุด"
# What stands before "at example dot com" when it is a web site and not a person.
_NOT_LOCAL = spaced(
    "us me it them him her look looks see visit site website online available shop store page more is are"
)

#: The sign and what stands behind it up to the first dot; a class of what signs begin with finds them soon.
_SIGN = re.compile(
    rf"[][({{<（【〔艾爱圈小골แ&@Ⓐⓐ%_ -](?<=(?=(?:{_HIDDEN}|{_SAID}){_LABEL}{_DOT}).)", _FLAGS | re.DOTALL
)
#: What stands before it, read backwards: a local part, and words with a dot spelt out behind each.
_BEFORE_SIGN = re.compile(
    rf" ?[{_L}0-9._%+'&=~-]{{1,128}}(?:(?: tod | otnup | otnop )[A-Za-z0-9_-]{{1,32}}){{0,3}}", _FLAGS
)

#: Who gives mailboxes to everybody.
_MAILERS = re.compile(
    "(?:(?:g|hot|fox|r|y|proton|google)?mail|outlook|yahoo|icloud|aol|gmx|zoho|qq|163|126|sina|sohu|139|189|aliyun|yandex|rambler|naver|daum|hanmail|nate|kakao|"
    "uol|bol) ?[.]",
    _FLAGS,
)


def _of_mailer(domain: str) -> bool:
    return _MAILERS.match(domain) is not None


def _spaced(found: re.Match[str]) -> Verdict:
    """At a firm that gives mailboxes to everybody it is one; a shop is "open @ example.com" too."""
    return _of_mailer(found["domain"] or found["apart"])


def _is_mailbox(found: re.Match[str]) -> Verdict:
    return None if found[0].rpartition(".")[2].lower() in _FILES else False


def _spelt_out(found: re.Match[str]) -> Verdict:
    """A bracketed "at" or a spelt-out dot is no chance; a bare "at" with a real dot needs a word for mail."""
    at = found["at"].strip()
    worded = re.search(_DOTS, found["rest"], _FLAGS) is not None
    if at == "@":
        return True if worded else None
    if at == "-at-":
        return worded or _of_mailer(found["rest"])
    if len(at) > 2 or at in ("艾特", "爱特", "圈a", "Ⓐ", "ⓐ"):
        return True
    if re.split("[^A-Za-z]", found["rest"])[-1].lower() not in _COMMON:
        return None
    return worded and found["local"].lower() not in _NOT_LOCAL


_CONTEXT = Context(words.EMAIL, before=32)

PATTERNS = (
    Pattern(
        ENTITY,
        "email.address",
        needle="[^ @]@[A-Za-z0-9]",
        verifier=re.compile(rf"{_LOCAL}@(?:{_LABEL}\.){{1,8}}{_TLD}"),
        check=_is_mailbox,
        score=0.95,
        reach=1024,
        near=136,
    ),
    Pattern(
        ENTITY,
        "email.address_literal",
        needle=r"[^ @]@\[",
        verifier=re.compile(rf"{_LOCAL}@\[(?:IPv6:)?[0-9A-Fa-f.:]{{3,45}}\]"),
        score=0.9,
        reach=192,
        near=136,
    ),
    Pattern(
        ENTITY,
        "email.spelt_out",
        # name[at]example.com, name (at) example (dot) com, name at example dot com, name@example点com
        needle=(
            # One sign in brackets apart from the words: automata are slow at literals so short.
            r"(?i)(?:[\[({<]|（|【|〔) ?(?:at|艾特|圈a|arroba|собака|골뱅이) ?(?:[\])}>]|）|】|〕) ?[a-z0-9]"
            r"|[\[({<] ?[@a#] ?[\])}>] ?[a-z0-9]|(?:（|【|〔) ?[@a#] ?(?:[\])}>]|）|】|〕) ?[a-z0-9]"
            r"|[\[({<] ?[@a#] ?(?:）|】|〕) ?[a-z0-9]"
            r"|(?:艾特|爱特|圈a|小老鼠|골뱅이|แอท|_at_|&#64;|%40) ?[a-z0-9]"
            r"|Ⓐ[a-z0-9]|ⓐ[a-z0-9]"
            r"|-at-[a-z0-9][^ ]{0,126} ?(?:dot|punto|ponto|точка|chấm|点|點|닷|쩜|점|ดอท|จุด|[\[({<]|（|【|〔|\.[a-z0-9]| \. )"
            # Behind "at" as a word stand letters, digits, hyphens and common dots before the first dot that is spelt out or
            # stands apart, or before the end; and no number is a top-level domain.
            rf"|(?: at | arroba | собака | a còng ) ?[a-z0-9]{_DOMAIN}{{0,640}}(?:{_FAR_DOT}|{_APART_DOT}|\.[a-z]{{2}})"
            # Behind a sign that is no secret some dot must be spelt out.
            rf"|@ ?[a-z0-9]{_DOMAIN}{{0,640}}(?:{_FAR_DOT}|{_APART_DOT})"
        ),
        verifier=re.compile(rf"(?:(?<![{_L}0-9_.])(?:[A-Za-z0-9_-]{{1,32}}(?: dot | punto | ponto )){{1,3}})?{_LOCAL}{_AT}(?P<rest>{_LABEL}(?:{_DOT}{_LABEL}){{0,4}}{_DOT}{_TLD})", _FLAGS),
        check=_spelt_out,
        score=0.4,
        checked=0.85,
        context=_CONTEXT,
        reach=768,
        near=768,
        pivot=(_SIGN, _BEFORE_SIGN),
    ),
    Pattern(
        ENTITY,
        "email.spaced",
        # "mail: name @ example.com": only beside a word for mail, since shops are "open @ example.com" too
        needle=r"(?: @|@ ) ?[A-Za-z0-9]|@[A-Za-z0-9-]{1,40} \.|@[A-Za-z0-9-]{1,40}\. [A-Za-z]",
        verifier=re.compile(
            rf"{_LOCAL}(?:(?: @ ?|@ )(?P<domain>(?:{_LABEL} ?\. ?){{1,4}}{_WRITTEN_OUT})"
            rf"|@(?P<apart>{_LABEL}(?: \. ?|\. )(?:{_LABEL}\.){{0,2}}{_WRITTEN_OUT}))",
            _FLAGS,
        ),
        check=_spaced,
        score=0.3,
        checked=0.85,
        context=_CONTEXT,
        reach=768,
        near=288,
    ),
    Pattern(
        ENTITY,
        "email.hash",
        # "name#example.com, write @ for #": people dodge filters
        needle="[^ ][#*$][A-Za-z0-9][^ ]{0,126}[.][A-Za-z]",
        verifier=re.compile(rf"{_LOCAL}[#*$](?P<domain>(?:{_LABEL}\.){{1,4}}{_WRITTEN_OUT})", _FLAGS),
        check=lambda found: 0.8 if _of_mailer(found["domain"]) else 0.3,
        context=Context(words.EMAIL, before=32, after=16, following=("换成@", "换@", "改成@", "改@", "替换", "@", "换成", "to @", "with @")),
        score=0.8,
        checked=0.8,
        reach=768,
        near=288,
    ),
    Pattern(
        ENTITY,
        "email.comma",
        # "name@163,com": a slip of the finger, told by who gives mailboxes to everybody
        needle="@[A-Za-z0-9]{2,12},[A-Za-z]",
        verifier=re.compile(rf"{_LOCAL}@(?P<domain>[A-Za-z0-9]{{2,12}}),{_WRITTEN_OUT}", _FLAGS),
        check=lambda found: _of_mailer(f"{found['domain']}.") or None,
        checked=0.85,
        reach=288,
        near=160,
    ),
    Pattern(
        ENTITY,
        "email.quoted",
        # RFC 5321: "name of words"@example.com
        needle='"@[A-Za-z0-9]',
        verifier=re.compile(rf'"[^"@\n]{{1,64}}"@(?:{_LABEL}\.){{1,8}}{_TLD}'),
        score=0.9,
        reach=768,
        near=72,
    ),
    Pattern(
        ENTITY,
        "email.own_script",
        # RFC 6531, domains in other alphabets: name@почта.рф, имя@почта.рф, name@邮箱.中国
        needle=f"@[^ @\n]{{1,120}}[.](?:{'|'.join(_OWN_SCRIPT)})",
        verifier=re.compile(
            rf"(?:{_LOCAL}|(?<![{_L}0-9_{_CYRILLIC}])[{_L}0-9_{_CYRILLIC}](?:[{_L}0-9._%+~{_CYRILLIC}-]{{0,62}}[{_L}0-9_{_CYRILLIC}])?)"
            rf"@(?:{_ANY_LABEL}\.){{1,4}}(?:{'|'.join(_OWN_SCRIPT)})(?![0-9A-Za-z{_CYRILLIC}])",
        ),
        score=0.9,
        reach=512,
        near=320,
    ),
    Pattern(
        ENTITY,
        "email.full_stop",
        # The full stop of a Chinese keyboard
        needle="@[A-Za-z0-9][^ @]{0,400}。[A-Za-z]",
        verifier=re.compile(rf"{_LOCAL}@{_LABEL}(?:[.。]{_LABEL}){{0,2}}。{_WRITTEN_OUT}", _FLAGS),
        score=0.85,
        reach=768,
        near=288,
    ),
    labelled(
        ENTITY, "email.number",
        # An address at QQ or NetEase is often told as its number
        "qq邮箱, qq信箱, q邮箱, 扣扣邮箱, qq邮件, qq mail, 163邮箱, 126邮箱, 企鹅邮箱",
        "[1-9][0-9]{4,11}(?![0-9A-Za-z@])(?![.][A-Za-z])", first="[1-9]", score=0.8,
    ),
)  # fmt: skip

"""Train the house tokenizer on text that this package makes: ``python -m infra.simulators.train_tokenizer``.

Byte-level BPE (Sennrich et al. 2016, arXiv:1508.07909, on bytes as in GPT-2), so that no text is out of vocabulary.
The same seed gives the same file. The corpus is made in memory; nothing is read but the policy's entity names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from random import Random

from infra.simulators.people import LANGUAGES, People
from infra.simulators.text import Scribe

SEED = 20_250_301
TEXTS = 60_000
VOCABULARY = 16_000
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>")
# Letters of one script in a run, Han characters in a run of their own, digits by threes from the left, the rest.
_SPLIT = (
    r"[^\r\n\p{L}\p{N}\p{M}]?(?:(?!\p{Han})[\p{L}\p{M}])+|\p{Han}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_LONGEST = 12
"""Bytes that one token may have at most: four Han characters. Grammars repeat clauses, and no clause should
become a token."""
_ALL = (
    *("remark", "note", "event_pickup", "event_transit", "event_out", "event_station", "event_signed", "notice"),
    *("synopsis", "caption", "title", "description", "credit"),
)
_FULL = ("zh", "en")
"""Languages whose grammars have every register."""
_FEW = ("caption", "title", "description")


def corpus(seed: int = SEED, texts: int = TEXTS) -> Iterator[str]:
    """Texts of every register and language, and the characters of the character sets of general use."""
    people = People(seed)
    scribe = Scribe(Random(seed), people)  # noqa: S311 - not for secrets
    rng = scribe.rng
    for number in range(texts):
        scribe.person, scribe.order = people[number], number
        language = rng.choice(("zh", "zh", "zh", "en", "en", *LANGUAGES[2:]))
        scribe.some_goods()
        match number % 4:
            case 0:
                yield scribe.review(language)
            case 1:
                yield scribe.comment(language)
            case 2 if language in _FULL:
                yield from (said for _, said, _ in scribe.talk(language))
            case _ if number % 3 == 0:
                yield from scribe.bilingual(rng.randrange(1, 4))
            case _:
                yield scribe.expand(rng.choice(_ALL if language in _FULL else _FEW), language)
        scribe.take()
    yield from characters()


def characters(times: int = 60) -> Iterator[str]:
    """The 3,755 characters of GB 2312-1980 level 1, each by itself, so that common Chinese is one token a character.

    The grammars use about a third of them; without this the others would cost three tokens each.
    """
    level_one = [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]
    yield from (" ".join(level_one) for _ in range(times))


def train(seed: int = SEED, texts: int = TEXTS, vocabulary: int = VOCABULARY) -> str:
    """The tokenizer as the text of a ``tokenizer.json``."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    from schemas.policy_loader import load_policy

    entities = {entity for entity in load_policy().categories.values() if entity and entity != "*"}
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    added = [f"<{entity}>" for entity in sorted(entities)]
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(added),
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=_LONGEST,
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(seed, texts), trainer)
    # A placeholder is one token wherever it stands, and is not special: trainers see it as text.
    tokenizer.add_tokens(added)
    return tokenizer.to_str(pretty=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.simulators.train_tokenizer", description=__doc__.split("\n")[0]
    )
    home = Path(__file__).resolve().parents[2] / "schemas" / "tokenizers"
    parser.add_argument("--out", type=Path, default=home / "house.tokenizer.json")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    text = train(arguments.seed)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text + "\n", "utf-8")
    print(f"{arguments.out}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()

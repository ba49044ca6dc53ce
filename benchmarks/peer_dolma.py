"""dolma's side of the quality and pipeline benchmarks; run by the interpreter of its own environment.

``peer_dolma.py personal|quality|pipeline INPUT.jsonl FOLDER en|zh``: the tagger of personal data alone; the taggers of
Gopher's and C4's rules; the pipeline tags
personal data, equal documents and paragraphs most of whose word 5-grams were seen before, and has the mixer apply all of
it. Near deduplication of documents it has none: its Bloom filter over n-grams of paragraphs is the nearest there is, and
finds next to nothing in Chinese, which it cuts at spaces. Nor does it write Parquet: it leaves JSON Lines, and nothing is
put on its account for what another tool would take to turn them into Parquet.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

TOOL = str(Path(sys.executable).parent / "dolma")
EXCLUDE = {
    "word_count": "< 50",
    "median_word_length": "< 3",
    "symbol_to_word_ratio": "> 0.1",
    "fraction_of_lines_starting_with_bullet_point": "> 0.9",
    "fraction_of_lines_ending_with_ellipsis": "> 0.3",
    "fraction_of_characters_in_most_common_2grams": "> 0.2",
    "fraction_of_characters_in_duplicate_10grams": "> 0.1",
    "fraction_of_words_with_alpha_character": "< 0.8",
}
#: Rules that speak of words have no meaning in Chinese, which the tool cuts at spaces.
DENSE = (
    "symbol_to_word_ratio",
    "fraction_of_lines_ending_with_ellipsis",
    "fraction_of_lines_starting_with_bullet_point",
)


def main(what: str, source: str, folder: str, language: str) -> None:
    root = Path(folder)
    (root / "documents").mkdir(parents=True, exist_ok=True)
    if what == "personal":
        documents = root / "documents" / "docs.json"
        shutil.copyfile(source, documents)
        dolma("tag", "--documents", str(documents), "--taggers", "pii_regex_v2", "--processes", "1")
        return
    documents = root / "documents" / "docs.jsonl.gz"
    with Path(source).open("rb") as plain, gzip.open(documents, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed)
    taggers = ["gopher_v1", "c4_v2", *(["pii_regex_v2"] if what == "pipeline" else [])]
    dolma("tag", "--documents", str(documents), "--taggers", *taggers, "--processes", "1")
    if what == "quality":
        return
    overlap = {"ngram_length": 5, "stride": 1, "overlap_threshold": 0.7}
    for name, what_of, count, wrong in (
        ("seen", {"documents": {"attribute_name": "seen", "key": "$.text"}}, 1_000_000, 1e-6),
        ("again", {"paragraphs": {"attribute_name": "again", "by_ngram": overlap}}, 5_000_000, 1e-4),
    ):
        bloom = {"file": str(root / f"bloom-{name}"), "size_in_bytes": 0, "read_only": False,
                 "estimated_doc_count": count, "desired_false_positive_rate": wrong}  # fmt: skip
        configured(root, "dedupe", {
            "documents": [str(documents)],
            "dedupe": {"name": name, **what_of, "skip_empty": True},
            "bloom_filter": bloom,
            "processes": 1,
        })  # fmt: skip
    key = "gopher_v1__gopher_v1__"
    rules = {name: test for name, test in EXCLUDE.items() if language == "en" or name in DENSE}
    exclude = [f"$@.attributes[?(@.{key}{name} && @.{key}{name}[0] && @.{key}{name}[0][2] {test})]"
               for name, test in rules.items()]  # fmt: skip
    personal = [
        {"span": f"$.attributes.pii_regex_v2__pii_regex_v2__{name}", "min_score": 0.5, "replacement": f"|||{name}|||"}
        for name in ("EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS")
    ] + [{"span": "$.attributes.again", "min_score": 0.7, "replacement": ""}]
    configured(root, "mix", {
        "streams": [{
            "name": "docs",
            "documents": [str(documents)],
            "attributes": [*taggers, "seen", "again"],
            "output": {"path": str(root / "mixed")},
            "filter": {"include": [], "exclude": [*exclude, "$@.attributes[?(@.seen && @.seen[0])]"]},
            "span_replacement": personal,
        }],
        "work_dir": {"input": str(root / "in"), "output": str(root / "work")},
        "processes": 1,
    })  # fmt: skip


def configured(root: Path, command: str, config: object) -> None:
    file = root / f"{command}.json"
    file.write_text(json.dumps(config))
    dolma("-c", str(file), command)


def dolma(*words: str) -> None:
    subprocess.run([TOOL, *words], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:5])

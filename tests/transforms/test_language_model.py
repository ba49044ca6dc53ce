from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from transforms import language_model
from transforms.language import _AMONG
from transforms.language_model import let_go, load

TEXTS = (
    "",
    "12 345",
    "The parcel has been handed over and will arrive on Monday.",
    "Paket sudah dikirim, terima kasih banyak kak",
    "O pedido chegou ontem e veio tudo certo",
    "Посылка передана курьеру и будет доставлена завтра",
    "تم تسليم الطلب إلى شركة الشحن اليوم",
    "कल आपका पार्सल पहुँच जाएगा",
    "包裹已经送达",
    "BIG LETTERS ONLY",
)


@pytest.mark.parametrize("script", _AMONG)
def test_the_mapped_model_answers_as_the_package_does(script: str) -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    theirs = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    ours = load()
    for one in (theirs, ours):
        one.set_languages(_AMONG[script].split())
    assert ours.nb_classes == theirs.nb_classes
    for text in TEXTS:
        assert np.array_equal(ours._decide(text), theirs._decide(text))
        assert copy.copy(ours).classify(text) == theirs.classify(text)


def test_tables_are_mapped_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    load()
    found = load()
    assert isinstance(found.tk_nextmove, memoryview)
    assert found.labels
    answer = found.classify(TEXTS[2])
    assert mapped() > 1000
    let_go()
    assert mapped() < 100
    assert found.classify(TEXTS[2]) == answer


def mapped() -> int:
    """Kilobytes of the unpacked model that this process holds."""
    held, ours = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line[0] in "0123456789abcdef" and "-" in line.split()[0]:
            ours = line.endswith(".langid")
        elif ours and line.startswith("Rss:"):
            held += int(line.split()[1])
    return held


@pytest.mark.parametrize("folder", ["whole", "cut off", "not writable"])
def test_it_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    if folder == "not writable":
        (tmp_path / "clearinghouse").write_text("a file stands where the folder would be")
    answer = load().classify(TEXTS[3])
    kept = list((tmp_path / "clearinghouse").glob("*")) if folder != "not writable" else []
    if folder == "cut off":
        kept[0].write_bytes(kept[0].read_bytes()[:1_000_000])
    if folder == "whole":
        monkeypatch.setattr(language_model, "_unpack", None)
    assert load().classify(TEXTS[3]) == answer
    assert len(kept) == (folder != "not writable")
    assert all(file.suffix == ".langid" and file.stat().st_size > 60_000_000 for file in kept)

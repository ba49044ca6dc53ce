from __future__ import annotations

import copy

import numpy as np
import pytest

from transforms.language import _AMONG
from transforms.language_model import load

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


def test_tables_are_mapped_and_not_read() -> None:
    found = load()
    assert isinstance(found.nb_ptc.table, np.memmap)
    assert isinstance(found.tk_nextmove, memoryview)
    assert found.labels

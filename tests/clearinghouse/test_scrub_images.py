"""Pictures where they are scrubbed: nothing but what draws them reaches the store, and counts say what went."""

from __future__ import annotations

import base64
from typing import Any

import pyarrow as pa

from clearinghouse.scrub import Scrubber
from governance.pseudonyms import Key
from schemas.arrow_schema import source_schema
from schemas.contract import Contract
from schemas.policy_loader import load_policy
from tests.document_builders import contract_of
from tests.transforms.test_documents_image import SECRET, exif, jpeg, png
from transforms.documents_image import clean

DATA = {"logicalTypeOptions": {"format": "byte"}}
TEXT = {"classification": "text.free"}


def scrubbed(contract: Contract, rows: list[dict[str, Any]]) -> Any:
    schema = pa.schema(
        [("_id", pa.string()), ("_partition", pa.string()), ("_position", pa.int64()), *source_schema(contract)]
    )
    full = [{"_id": f"{n:032x}", "_partition": "p", "_position": n + 1, **row} for n, row in enumerate(rows)]
    batch = pa.RecordBatch.from_pylist(full, schema=schema)
    return Scrubber(contract, load_policy(), Key(b"k" * 32))(batch)


def test_metadata_of_pictures_never_reaches_the_store() -> None:
    contract = contract_of(
        {"picture": DATA, "caption": TEXT},
        documents={"seen": {"kind": "image", "image": "picture", "text": "{caption}", "language": "en"}},
    )
    cells = [jpeg(exif(1)), clean(png()), b"no picture at all"]
    rows = [{"picture": base64.b64encode(cell).decode(), "caption": f"A cat, {n}."} for n, cell in enumerate(cells)]
    found = scrubbed(contract, rows)
    kept = found.batch.column("picture").to_pylist()
    assert kept[2] is None
    assert [base64.b64decode(cell) for cell in kept[:2]] == [clean(jpeg()), clean(png())]
    assert not any(SECRET in base64.b64decode(cell) for cell in kept[:2])
    assert {name: count for name, count in found.redactions.items() if "IMAGE" in name} == {
        "picture|IMAGE|drop|metadata": 1,
        "picture|IMAGE|drop|not_an_image": 1,
    }
    # A second scrub changes nothing.
    again = scrubbed(contract, found.batch.to_pylist())
    assert again.batch.column("picture").to_pylist() == kept
    assert not any("IMAGE" in name for name in again.redactions)


def test_references_lose_their_query_and_are_scanned() -> None:
    contract = contract_of(
        {"link": TEXT, "caption": TEXT},
        document={"kind": "image", "image": "link", "text": "{caption}", "language": "en"},
    )
    rows = [
        {
            "link": "https://ana:pw@img.example.com/a/1.jpg?email=ana@example.com&token=abc",
            "caption": "Mail ana@example.com",
        },
        {"link": "https://img.example.com/u/ana@example.com/2.jpg", "caption": "A cat."},
        {"link": "data:image/jpeg;base64,AAAA", "caption": "A dog."},
    ]
    found = scrubbed(contract, rows)
    links = found.batch.column("link").to_pylist()
    assert links[0] == "https://img.example.com/a/1.jpg"
    assert "ana@example.com" not in str(links)
    # What leads to a person leads nowhere any more.
    assert links[1].startswith("<")
    assert links[2] is None
    # The caption is scrubbed as any text is.
    assert "ana@" not in found.batch.column("caption").to_pylist()[0]

"""The real sample feeds read whole: as many records as other programs count in them, and no reject."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.infra.source_help import fields, files, read

ORDERS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
BULK = {"delimiter": "+|", "row_delimiter": "&|\n", "quote": None, "header": False}
TABS = {"delimiter": "\t", "quote": None, "header": False}
PIPES = {"delimiter": "|", "quote": None, "header": False}
DUMP = "media/titles_rentals_sakila/postgres-sakila-insert-data-using-copy.sql"


def crm(name: str, count: int, dialect: dict[str, Any], columns: int, **more: Any) -> Any:
    names = tuple(f"c{i}" for i in range(columns))
    location = f"commerce/crm_adventureworks/{name}.csv"
    return pytest.param(location, "csv", {**dialect, "columns": names, **more}, names, count, id=name)


FEEDS = [
    ("commerce/orders_online_retail/*.csv", "csv", {"partition": r"(?P<partition>[\d-]+)\.csv"}, ORDERS, 170978),
    ("commerce/catalog_olist_pt/olist_products_dataset.csv", "csv", {}, ("product_id", "product_category_name"), 32951),
    ("commerce/catalog_olist_pt/olist_sellers_dataset.csv", "csv", {}, ("seller_city",), 3095),
    ("commerce/catalog_olist_pt/product_category*.csv", "csv", {}, ("product_category_name",), 71),
    crm("EmailAddress", 19972, BULK, 5),
    crm("PersonPhone", 19972, BULK, 4),
    crm("Store", 701, BULK, 6),
    crm("JobCandidate", 13, BULK, 4),
    crm("Address", 19614, TABS, 9),
    crm("CreditCard", 19118, TABS, 6),
    crm("ProductDescription", 762, TABS, 4),
    crm("ProductReview", 4, TABS, 8, record="columns"),
    crm("ProspectiveBuyer", 2059, PIPES, 24),
    crm("DimReseller", 701, PIPES, 20),
    ("commerce/search_queries_wands_en/*.csv", "csv", {"delimiter": "\t", "quote": None}, ("query",), 480),
    ("commerce/reviews_asap_zh/*.csv", "csv", {}, ("index", "reviewbody", "star"), 300),
    ("commerce/reviews_hoasa_id/*.csv", "csv", {}, ("review",), 2854),
    ("commerce/reviews_customer_en/*.zip", "text", {"member": "*.txt"}, ("m=$member", "l=$line", "text"), 9018),
    ("commerce/chats_crosswoz_zh/val.json.zip", "json", {"record": "{}.messages[]"},
     ("k=$key", "i=$index", "content", "role", "t=$parent.type"), 8458),
    ("commerce/chats_crosswoz_zh/hotel_db.json", "json", {}, ("n=0", "tel=1.电话"), 1133),
    ("commerce/chats_multidogo_en/*.tsv", "csv", {"delimiter": "\t"}, ("conversationId", "utterance"), 20050),
    ("commerce/image_text_abo/*/metadata.txt", "yaml", {}, ("f=$file", "brand", "bullet_point"), 3),
    ("logistics/shipments_scms/*.csv", "csv", {}, ("ID", "PO / SO #", "Vendor"), 10324),
    ("logistics/waybills_tracking_easypost/*.yaml", "yaml", {"record": "interactions[]"},
     ("f=$file", "to=request.body|json.shipment.to_address.name", "id=response.body.string|json.id"), 179),
    ("logistics/stores_bestbuy/stores.json", "json", {}, ("id", "lat=location.lat", "s=services.0"), 1565),
    ("logistics/address_reference_cn/streets.csv", "csv", {}, ("code", "name"), 41352),
    ("logistics/address_reference_cn/pca-code.json", "json", {"record": "[].children[].children[]"},
     ("code", "name", "city=$parent.name"), 3056),
    ("logistics/address_reference_geonames/*.zip", "csv", {"member": "*.csv"}, ("zipcode", "place"), 13916),
    ("logistics/address_reference_geonames/*.zip", "json", {"member": "*.json"}, ("zipcode", "place"), 13916),
    ("logistics/address_reference_geonames/*.zip", "xml", {"member": "*.xml", "record": "object"}, ("zipcode", "place"), 13916),
    ("logistics/address_reference_unlocode/subdivision-codes.csv", "csv", {}, ("SUCountry", "SUName"), 4678),
    ("media/dialogs_kdconv_zh/*.json", "json", {"record": "[].messages[]"},
     ("c=$parent_index", "message", "name=$parent.name", "a=attrs.attrname"), 13554),
    ("media/subtitles_pwncollege_zh_en/**/*.srt", "srt", {}, ("f=$file", "index", "start", "end", "text"), 17304),
    (DUMP, "pgcopy", {"table": "customer"}, ("customer_id", "email"), 599),
    (DUMP, "pgcopy", {"table": "public.film"}, ("film_id", "description"), 1000),
    (DUMP, "pgcopy", {"table": "rental"}, ("rental_id", "return_date"), 16044),
    ("media/comments_youtube_en/*.txt", "text", {}, ("text",), 20000),
    ("media/image_text_coco_en/captions_val2017.json", "json", {"record": "annotations[]"},
     ("image_id", "caption", "y=$parent.info.year"), 25014),
    ("media/image_text_coco_zh/*.txt", "csv", {**TABS, "columns": ("key", "caption")}, ("key", "caption"), 4712),
    ("media/chats_multidogo_media_en/*.tsv", "csv", {"delimiter": "\t"}, ("conversationId", "utterance"), 17033),
    ("media/transcripts_state_union_en/*.zip", "text", {"member": "state_union/*.txt"}, ("m=$member", "text"), 7288),
    ("media/transcripts_state_union_en/*.zip", "text", {"member": "state_union/*.txt", "record": "file"}, ("text",), 65),
    ("pii_labelled/pii_syn_nano_en/*.json", "json", {}, ("text", "labels=NER.label"), 149),
    ("pii_labelled/presidio_research_en/*.json", "json", {}, ("full_text", "spans"), 1500),
]  # fmt: skip


@pytest.mark.parametrize(("location", "format", "options", "names", "count"), FEEDS)
def test_feed(
    shared_data: Path, location: str, format: str, options: dict[str, Any], names: tuple[str, ...], count: int
) -> None:
    got = read(files(shared_data / location, format, **options), fields(*names))
    assert len(got.rows) == count
    assert got.why == []
    for name in {name.partition("=")[0] for name in names}:
        assert any(row[name] is not None for row in got.rows), name


def test_old_speeches_in_big5_among_ascii_ones(shared_data: Path) -> None:
    source = files(shared_data / "media/transcripts_state_union_en/*.zip", "text", member="*19[57]*.txt", record="file")
    speeches = {row["m"].rpartition("/")[2]: row["text"] for row in read(source, fields("m=$member", "text")).rows}
    for name in ("1970-Nixon.txt", "1974-Nixon.txt"):
        marks = {char for char in speeches[name] if not char.isascii()}
        assert marks <= set("’‘“”—　"), name
        assert "man’s genius" in speeches[name] or "’" in speeches[name]
    assert "½¢" in speeches["1954-Eisenhower.txt"]

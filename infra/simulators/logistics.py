"""The logistics unit: waybills (CSV, GB18030), tracking events (JSON Lines) and courier notes (gzip, some broken)."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

from infra.simulators.commerce import national
from infra.simulators.people import Person, waybill_number
from infra.simulators.site import BASE, Site, moment, writing
from infra.simulators.text import Planted, Scribe, shared_notice

WAYBILL_COLUMNS = ("运单号", "下单时间", "寄件人", "寄件电话", "收件人", "收件电话", "收件地址", "品名", "重量", "备注")
NOTE_COLUMNS = ("note_id", "waybill_no", "courier", "courier_phone", "kind", "written_at", "language", "note")
_STAFF_FROM = 1 << 41
"""People who pack at the warehouses: their numbers start here."""
_CYCLE = (
    ("event_pickup",),
    ("event_transit", "event_transit", "event_transit"),
    ("event_out",),
    ("event_station", "event_signed", "event_problem"),
)


def write(site: Site) -> None:
    """Write the unit's files: four days at small scale, more and larger ones above."""
    _waybills(site)
    _tracking(site)
    _notes(site)


def _waybills(site: Site) -> None:
    dataset = "logistics.waybills"
    for _, day, numbers in site.days(dataset):
        file = f"waybills/{day}.csv"
        scribe = site.scribe(file)
        with writing(site.path(file)) as out:
            out.write((",".join(WAYBILL_COLUMNS) + "\r\n").encode("gb18030"))
            for number in numbers:
                cells, planted = _waybill(site, scribe, number)
                row = waybill_number(number)
                site.truth.cells(dataset, file, row, _waybill_cells(cells))
                site.truth.text(dataset, "remark", file, row, planted)
                line, fault = _spoil(",".join(map(_quoted, cells)).encode("gb18030"), cells, number)
                if fault:
                    site.fault(dataset, fault)
                out.write(line + b"\r\n")
        site.count(dataset, len(numbers))


def _waybill(site: Site, scribe: Scribe, number: int) -> tuple[list[str], list[Planted]]:
    person = site.buyer(number)
    sender = _staff(site, number)
    scribe.person, scribe.order = person, number
    goods = scribe.some_goods()
    remark = scribe.expand("remark", "zh") if scribe.rng.random() < 0.5 else ""
    phone = national(person)
    if number % 900 == 500:
        phone = ""
    return [
        waybill_number(number),
        _when(number),
        sender.name,
        national(sender),
        person.name,
        phone,
        person.address,
        goods["zh"],
        f"{scribe.rng.randrange(1, 300) / 10}",
        remark,
    ], scribe.take()


def _waybill_cells(cells: list[str]) -> tuple[tuple[str, str, str], ...]:
    return (
        ("WAYBILL", "waybill_no", cells[0]),
        ("PERSON", "sender", cells[2]),
        ("PHONE_NUMBER", "sender_phone", cells[3]),
        ("PERSON", "recipient", cells[4]),
        ("PHONE_NUMBER", "recipient_phone", cells[5]),
        ("ADDRESS", "address", cells[6]),
    )


def _spoil(line: bytes, cells: list[str], number: int) -> tuple[bytes, str]:
    """Now and then a line as broken systems write it, with the reason for which it must be refused."""
    if not cells[5]:
        return line, "required_missing"
    match number % 900:
        case 111:
            return line + b",1", "columns_extra"
        case 222:
            return line.replace(b",", b",\x00", 1), "nul_byte"
        case 333:
            return line.replace(b",", b",\xff\xff", 1), "undecodable_bytes"
        case 444:
            return line.replace(cells[1].encode(), b"2025-13-40 25:61:00", 1), "bad_timestamp"
        case 555:
            return line.rsplit(b",", 3)[0], "columns_missing"
    return line, ""


def _tracking(site: Site) -> None:
    dataset = "logistics.tracking"
    endings = (".jsonl", ".jsonl.zst", ".jsonl.gz", ".jsonl")
    waybills = site.sizes["logistics.waybills"] or BASE["logistics.waybills"]
    for number, day, numbers in site.days(dataset):
        file = f"tracking/{day}{endings[number % len(endings)]}"
        scribe = site.scribe(file)
        with writing(site.path(file)) as out:
            for event in numbers:
                parcel = event // len(_CYCLE) % waybills
                record = _event(site, scribe, event, parcel)
                planted = scribe.take()
                line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                row = str(record["event_id"])
                cells = [("WAYBILL", "waybill_no", str(record["waybill_no"]))]
                if record["courier"]:
                    cells += [
                        ("PERSON", "courier_name", scribe.courier.name),
                        ("PHONE_NUMBER", "courier_phone", scribe.courier.phone[3:]),
                    ]
                    cells.append(("IP_ADDRESS", "device_ip", scribe.courier.ip))
                if event % 1_300 == 600:
                    # A line cut in the middle by a full disk.
                    line = line[: len(line) // 2]
                    cells = [cell for cell in cells if cell[2] in line]
                    planted = [found for found in planted if found.value in line]
                    site.fault(dataset, "malformed")
                site.truth.cells(dataset, file, row, cells)
                site.truth.text(dataset, "message", file, row, planted)
                out.write(line.encode() + b"\n")
        site.count(dataset, len(numbers))


def _event(site: Site, scribe: Scribe, event: int, parcel: int) -> dict[str, object]:
    scribe.person, scribe.order = site.buyer(parcel), parcel
    language = "zh" if scribe.person.language == "zh" or parcel % 3 else "en"
    symbol = scribe.rng.choice(_CYCLE[event % len(_CYCLE)])
    courier = None
    if symbol != "event_transit":
        person = scribe.some_courier()
        courier = {"name": person.name, "phone": person.phone[3:], "ip": person.ip}
    return {
        "event_id": event,
        "waybill_no": waybill_number(parcel),
        "time": (moment(event) + timedelta(seconds=event % 7)).isoformat(),
        "status": symbol.removeprefix("event_"),
        "city": scribe.some_city(),
        "language": language,
        "courier": courier,
        "message": scribe.expand(symbol, language),
    }


def _notes(site: Site) -> None:
    dataset = "logistics.courier_notes"
    files = list(site.days(dataset))
    for place, day, numbers in files:
        file = f"courier_notes/{day}.csv.gz"
        path = site.path(file)
        scribe = site.scribe(file)
        kept: list[tuple[int, str, list[tuple[str, str, str]], list[Planted]]] = []
        cut = place == len(files) - 1
        size = 0
        with writing(path) as out:
            size += out.write(("|".join(NOTE_COLUMNS) + "\n").encode())
            for number in numbers:
                cells = _note(site, scribe, number)
                columns = [
                    ("WAYBILL", "waybill_no", cells[1]),
                    ("PERSON", "courier", cells[2]),
                    ("PHONE_NUMBER", "courier_phone", cells[3]),
                ]
                planted = scribe.take()
                line = "|".join(cells)
                if number % 800 == 90:
                    line += "|extra"
                size += out.write(line.encode() + b"\n")
                kept.append((size, cells[0], columns, planted))
        if cut:
            # The upload of the last file broke off: two thirds of it arrived.
            data = path.read_bytes()
            data = data[: len(data) * 2 // 3]
            path.write_bytes(data)
            arrived = len(zlib.decompressobj(31).decompress(data))
            kept = [entry for entry in kept if entry[0] <= arrived]
            site.fault(dataset, "truncated")
        for number, (_, row, columns, planted) in zip(numbers, kept, strict=False):
            site.truth.cells(dataset, file, row, columns)
            site.truth.text(dataset, "note", file, row, planted)
            if number % 800 == 90:
                site.fault(dataset, "columns_extra")
        site.count(dataset, len(kept) + cut)


def _note(site: Site, scribe: Scribe, number: int) -> list[str]:
    scribe.order = number * 5 + 2
    scribe.person = site.buyer(scribe.order)
    courier = scribe.some_courier()
    language = "zh" if scribe.person.language == "zh" or number % 2 else "en"
    kind = "notice" if number % 40 == 7 else "note"
    if kind == "notice":
        shared = number // 40
        text, language = shared_notice(site.seed, shared), "zh" if shared % 4 else "en"
    else:
        text = scribe.expand("note", language)
    return [
        f"n{number:09d}",
        waybill_number(scribe.order),
        courier.name,
        courier.phone[3:],
        kind,
        _when(number),
        language,
        text,
    ]


def _staff(site: Site, number: int) -> Person:
    return site.people[_STAFF_FROM + number % 60]


def _when(number: int) -> str:
    return moment(number).isoformat(sep=" ")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell

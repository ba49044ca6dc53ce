"""The media unit: subtitles (SRT, ASS), comments (nested JSON), synopses (XML) and image captions (TSV)."""

from __future__ import annotations

import json
from datetime import timedelta
from xml.sax.saxutils import escape

from infra.simulators import names
from infra.simulators.site import Site, moment, writing
from infra.simulators.text import Planted, Scribe, shared_review

_CUES = 120
_ASS_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Noto Sans CJK SC,52,&H00FFFFFF,0,0,2,40,40,48,1
Style: Note,Noto Sans CJK SC,40,&H0000FFFF,0,1,8,40,40,48,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
SERIES = ("thin-air", "workshop-hours", "slow-rivers", "night-school", "tide-tables")


def write(site: Site) -> None:
    """Write the unit's files."""
    _subtitles(site)
    _fansubs(site)
    _comments(site)
    _synopses(site)
    _captions(site)


def _episodes(site: Site, dataset: str) -> list[tuple[int, str, range]]:
    total = site.sizes[dataset]
    count = -(-total // _CUES)
    return [
        (
            number,
            f"{SERIES[number % len(SERIES)]}/{number // len(SERIES) + 1:04d}",
            range(number * _CUES, min(total, (number + 1) * _CUES)),
        )
        for number in range(count)
    ]


def _subtitles(site: Site) -> None:
    dataset = "media.subtitles"
    for number, name, cues in _episodes(site, dataset):
        file = f"subtitles/{name}.srt"
        scribe = site.scribe(file)
        scribe.person = site.people[number * 11 + 3]
        newline = "\r\n" if number % 3 == 1 else "\n"
        clock = 0
        with writing(site.path(file)) as out:
            if number % 4 == 2:
                out.write(b"\xef\xbb\xbf")
            for place, _ in enumerate(cues, 1):
                clock += scribe.rng.randrange(200, 900)
                start, clock = clock, clock + scribe.rng.randrange(900, 4_500)
                if place == len(cues):
                    lines = [scribe.expand("credit", "zh"), scribe.expand("credit", "en")]
                elif scribe.rng.random() < 0.01:
                    lines = [scribe.expand("c_leak", "zh")]
                else:
                    lines = list(scribe.bilingual())
                site.truth.text(dataset, "text", file, str(place), scribe.take())
                cue = [str(place), f"{_srt(start)} --> {_srt(clock)}", *lines, ""]
                out.write((newline.join(cue) + newline).encode())
        site.count(dataset, len(cues))


def _fansubs(site: Site) -> None:
    dataset = "media.fansubs"
    for number, name, cues in _episodes(site, dataset):
        file = f"fansubs/{name}.ass"
        scribe = site.scribe(file)
        scribe.person = site.people[number * 13 + 5]
        clock = 0
        with writing(site.path(file)) as out:
            out.write(_ASS_HEAD.encode())
            for place, _ in enumerate(cues, 1):
                start = clock + scribe.rng.randrange(200, 900)
                clock = start + scribe.rng.randrange(900, 4_500)
                if place == 1:
                    style, text = "Note", "{\\an8}" + scribe.expand("credit", "zh")
                else:
                    zh, en = scribe.bilingual()
                    style, text = "Default", f"{zh}\\N{{\\fs36}}{en}"
                site.truth.text(dataset, "text", file, str(place), scribe.take())
                out.write(f"Dialogue: 0,{_ass(start)},{_ass(clock)},{style},,0,0,0,,{text}\n".encode())
        site.count(dataset, len(cues))


def _comments(site: Site) -> None:
    dataset = "media.comments"
    for _, day, numbers in site.days(dataset):
        file = f"comments/{day}.json"
        scribe = site.scribe(file)
        videos = [numbers[i : i + 50] for i in range(0, len(numbers), 50)]
        with writing(site.path(file)) as out:
            # Written video by video, so that a day of any size needs no more memory than one video.
            out.write(b'{"site":"video.example.com","videos":[')
            for place, chunk in enumerate(videos):
                language = "zh" if place % 3 else "en"
                video = {
                    "id": f"v{chunk[0]:09d}",
                    "title": scribe.bilingual()[0 if language == "zh" else 1],
                    "comments": [_comment(site, scribe, file, number) for number in chunk],
                }
                out.write((b",\n" if place else b"\n") + json.dumps(video, ensure_ascii=False).encode())
            out.write(b"\n]}\n")
        site.count(dataset, len(numbers))


def _comment(site: Site, scribe: Scribe, file: str, number: int) -> dict[str, object]:
    dataset = "media.comments"
    scribe.person = person = site.people[(number * 37 + 11) % max(50, site.sizes[dataset])]
    planted: list[Planted] = []
    if number % 30 == 4:
        language, text = shared_review(site.seed, number // 30)
    else:
        language = person.language
        text = scribe.comment(language)
        planted = scribe.take()
    found: str | None = text
    if number % 700 == 123:
        found, planted = None, []
        site.fault(dataset, "required_missing")
    row = str(number)
    site.truth.cells(dataset, file, row, (("USERNAME", "account", person.account), ("IP_ADDRESS", "ip", person.ip)))
    site.truth.text(dataset, "text", file, row, planted)
    return {
        "id": number,
        "user": {"account": person.account, "ip": person.ip, "level": number % 7},
        "text": found,
        "language": language,
        "likes": int(scribe.rng.random() ** 4 * 900),
        "time": (moment(number) + timedelta(seconds=number % 7)).isoformat(),
    }


def _synopses(site: Site) -> None:
    dataset = "media.synopses"
    for _, day, numbers in site.days(dataset):
        file = f"synopses/{day}.xml"
        scribe = site.scribe(file)
        with writing(site.path(file)) as out:
            out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<catalogue>\n')
            for number in numbers:
                language = "zh" if number % 3 else "en"
                cast = scribe.rng.choice(names.CAST_ZH if language == "zh" else names.CAST_EN)
                title = scribe.bilingual()[0 if language == "zh" else 1]
                text = (
                    " ".join(scribe.expand("synopsis", language) for _ in range(2))
                    if language == "en"
                    else (scribe.expand("synopsis", language) + scribe.expand("synopsis", language))
                )
                year = 1960 + number % 65
                site.truth.text(dataset, "lead", file, str(number), (Planted("PUBLIC_FIGURE", cast, "keep"),))
                scribe.take()
                out.write(
                    f"<title><id>{number}</id><language>{language}</language><year>{year}</year><lead>{escape(cast)}</lead>"
                    f"<name>{escape(title)}</name><synopsis>{escape(text)}</synopsis></title>\n".encode()
                )
            out.write(b"</catalogue>\n")
        site.count(dataset, len(numbers))


def _captions(site: Site) -> None:
    dataset = "media.captions"
    for _, day, numbers in site.days(dataset):
        file = f"captions/{day}.tsv"
        scribe = site.scribe(file)
        with writing(site.path(file)) as out:
            out.write(b"image_id\turl\tphotographer\tlanguage\tcaption\n")
            for number in numbers:
                scribe.person = person = site.people[number * 5 + 2]
                scribe.some_goods()
                language = scribe.some_language()
                caption = scribe.expand("caption", language)
                row = f"{day:%Y%m%d}_{number:09d}"
                url = f"https://images.example.com/{row}.jpg"
                site.truth.cells(dataset, file, row, (("PERSON", "photographer", person.name),))
                scribe.take()
                out.write(f"{row}\t{url}\t{person.name}\t{language}\t{caption}\n".encode())
        site.count(dataset, len(numbers))


def _srt(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"


def _ass(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest // 10:02d}"

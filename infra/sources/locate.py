"""Where a source's files lie: local paths and S3, patterns, variables of the environment.

Both kinds of store are read through `pyarrow.fs`, so a file opens the same way wherever it lies.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs as pafs

from infra.sources.model import SourceUnreadable
from schemas.contract import Source
from schemas.errors import SourceUnavailable

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")
_WILD = re.compile(r"[*?\[]")


def expand(location: str) -> str:
    """Put in ``${NAME}`` and ``${NAME:-default}`` from the environment; an empty variable counts as unset."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match["name"]) or match["default"]
        if found is None:
            raise SourceUnreadable(
                f"the location {location!r} needs the environment variable {match['name']}, which is not set",
                fix=f"export {match['name']}=…",
            )
        return found

    return _VARIABLE.sub(value, location)


@dataclass(frozen=True)
class File:
    """One file of a source: ``uri`` is an absolute path or ``s3://bucket/key``, ``size`` counts bytes.

    ``name`` is the path below the part of the location that has no pattern, which is what ``$file`` gives.
    """

    uri: str
    size: int
    name: str
    endpoint_url: str | None = None

    def stream(self) -> pa.NativeFile:
        """The bytes from the start, unbuffered."""
        with answering(self.uri):
            filesystem, path = _filesystem(self.uri, self.endpoint_url)
            return filesystem.open_input_stream(path, compression=None, buffer_size=0)

    def random(self) -> pa.NativeFile:
        """The bytes with seek and tell."""
        with answering(self.uri):
            filesystem, path = _filesystem(self.uri, self.endpoint_url)
            return filesystem.open_input_file(path)


def find(source: Source) -> list[File]:
    """Every file that the location names, sorted by URI.

    A folder means all files under it but for names that begin with a dot or an underscore. ``**`` crosses folders.

    Raises:
        SourceUnavailable: Nothing is there, or the store does not answer.
        SourceUnreadable: The location names an unset variable or a kind of store that is not known.
    """
    location = expand(source.location)
    if location.startswith("s3://"):
        found = _find_s3(location, source.endpoint_url)
    elif "://" in location and not location.startswith("file://"):
        raise SourceUnreadable(
            f"cannot read {source.location!r}: a location is a path, file:// or s3://",
            fix="correct the server of the contract",
        )
    else:
        found = _find_local(location.removeprefix("file://"))
    if not found:
        pattern = "" if location == source.location else f" (pattern {source.location!r})"
        raise SourceUnavailable(
            f"no file at {location}{pattern}", fix="check the location, or wait until the unit has delivered"
        )
    return sorted(found, key=lambda file: file.uri)


def at(uri: str, source: Source) -> File:
    """The one file that a plan named, as it is now."""
    with answering(uri):
        filesystem, path = _filesystem(uri, source.endpoint_url)
        info = filesystem.get_file_info(path)
    if info.type != pafs.FileType.File:
        raise SourceUnavailable(
            f"{uri} is not there any more; it was found by {source.location!r}",
            fix="deliver it again, or plan again without it",
        )
    return File(uri, info.size, _name(uri, expand(source.location)), source.endpoint_url)


@contextmanager
def answering(uri: str) -> Iterator[None]:
    """Turn what the operating system or S3 says into `SourceUnavailable`, without their free text.

    S3 messages hold request ids and, behind proxies, whole pages; only the error's name is passed on.
    """
    try:
        yield
    except FileNotFoundError:
        raise SourceUnavailable(f"{uri} does not exist") from None
    except (OSError, pa.ArrowInvalid) as error:
        code = re.search(r"AWS Error ([A-Z_]+)", str(error))
        number = getattr(error, "errno", None)
        what = code[1] if code else os.strerror(number) if number else "no answer"
        raise SourceUnavailable(f"{uri} cannot be read: {what}") from None


def _find_local(location: str) -> list[File]:
    path = Path(location).absolute()
    if path.is_file():
        names = [str(path)]
    elif path.is_dir():
        names = [str(p) for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path).parts)]
    else:
        # Unlike Path.glob, glob leaves dotted names out, as shells do.
        names = [name for name in glob.glob(str(path), recursive=True) if Path(name).is_file()]  # noqa: PTH207
    with answering(location):
        return [File(name, Path(name).stat().st_size, _name(name, location)) for name in names]


def _find_s3(location: str, endpoint_url: str | None) -> list[File]:
    uri = location.rstrip("/")
    with answering(location):
        filesystem, path = _filesystem(uri, endpoint_url)
        info = filesystem.get_file_info(path)
        if info.type == pafs.FileType.File:
            return [File(uri, info.size, _name(uri, location), endpoint_url)]
        base, wanted = path, None
        if _WILD.search(path):
            base = path[: _WILD.search(path).start()].rpartition("/")[0]  # type: ignore[union-attr]
            wanted = glob_regex(path)
        selector = pafs.FileSelector(base, recursive=True, allow_not_found=True)
        found = []
        for entry in filesystem.get_file_info(selector):
            if entry.type != pafs.FileType.File:
                continue
            below = entry.path[len(base) :].strip("/").split("/")
            if wanted.fullmatch(entry.path) if wanted else not _hidden(below):
                found.append(File(f"s3://{entry.path}", entry.size, "/".join(below), endpoint_url))
        return found


def _hidden(parts: Any) -> bool:
    return any(part.startswith((".", "_")) for part in parts)


def _name(uri: str, location: str) -> str:
    """The part of ``uri`` below the location's fixed folder."""
    fixed = location.removeprefix("file://").rstrip("/")
    if not fixed.startswith("s3://"):
        fixed = str(Path(fixed).absolute())
    wild = _WILD.search(fixed)
    if wild and uri != fixed:
        fixed = fixed[: wild.start()].rpartition("/")[0]
    elif uri == fixed:
        fixed = fixed.rpartition("/")[0]
    return uri[len(fixed) :].lstrip("/") if uri.startswith(fixed) else uri.rpartition("/")[2]


def glob_regex(pattern: str) -> re.Pattern[str]:
    """A shell pattern as a regular expression: ``*`` and ``?`` stay within a folder, ``**/`` crosses folders.

    As in a shell, no wildcard matches a name's leading dot.
    """
    out, i = "", 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out, i = out + r"(?:(?!\.)[^/]+/)*", i + 3
        elif pattern.startswith("**", i):
            out, i = out + ".*", i + 2
        elif pattern[i] in "*?":
            first = r"(?!\.)" if i == 0 or pattern[i - 1] == "/" else ""
            out, i = out + first + ("[^/]*" if pattern[i] == "*" else "[^/]"), i + 1
        elif pattern[i] == "[" and (end := pattern.find("]", i + 2)) > 0:
            inside = pattern[i + 1 : end].replace("\\", r"\\")
            out, i = out + f"[{'^' + inside[1:] if inside.startswith('!') else inside}]", end + 1
        else:
            out, i = out + re.escape(pattern[i]), i + 1
    return re.compile(out, re.DOTALL)


def _filesystem(uri: str, endpoint_url: str | None) -> tuple[pafs.FileSystem, str]:
    if not uri.startswith("s3://"):
        return _local(), uri
    endpoint = (
        expand(endpoint_url)
        if endpoint_url
        else os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    # The credentials take part in the cache's key so that a long-lived process sees them change.
    who = (os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SESSION_TOKEN"), os.environ.get("AWS_PROFILE"))
    return _s3(endpoint or None, region or None, who), uri.removeprefix("s3://")


@lru_cache(maxsize=1)
def _local() -> pafs.FileSystem:
    return pafs.LocalFileSystem()


@lru_cache(maxsize=8)
def _s3(endpoint: str | None, region: str | None, who: tuple[str | None, ...]) -> pafs.FileSystem:
    del who
    options: dict[str, Any] = {"connect_timeout": 10, "request_timeout": 60}
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        options.update(endpoint_override=host.rstrip("/"), scheme=scheme or "https")
        region = region or "us-east-1"
    if region:
        options["region"] = region
    return pafs.S3FileSystem(**options)

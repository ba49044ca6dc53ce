"""Regular expressions that modules hold, compiled once a machine and not once a process.

Recognisers and rules hold some six hundred expressions. To parse and compile them is a quarter of what it takes to start an
ingest, and the same each time. In processes that are wholly ours (`infra.lean`) what the compiler makes of an expression is
kept in the user's cache folder, for one version of Python, and given to the matcher as it is. The matcher checks it again.

Only what is compiled while a module is imported is kept: it stands in the program. What is compiled later may hold
somebody's name, and never leaves memory. A folder that cannot be read or written costs time and nothing else.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import importlib
import marshal
import sys
import unicodedata
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import Any

from schemas.caches import cache_folder

#: Versions of Python whose compiler is known to hand these things to the matcher.
_KNOWN = ((3, 11), (3, 12), (3, 13))
#: Expressions that are kept. Above, those of programs that have changed go.
_MOST = 4096
_SEAL = 16

_Key = bytes
#: Flags, code (packed by zlib), groups, their names with their numbers, and the name of each, as the matcher takes them.
_Made = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]


class Expressions:
    """What is kept, read from ``file`` when it is first asked for. Make one a process, by `keep`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        # Neither has a stub: this is how `re.compile` itself works.
        self._compiler: Any = importlib.import_module("re._compiler")
        self._matcher: Any = importlib.import_module("_sre")
        self._whole: Any = self._compiler.compile
        self._kept: dict[_Key, _Made] | None = None
        self._used: set[_Key] = set()
        self._new: dict[_Key, _Made] = {}

    def install(self) -> None:
        """From now on `re.compile` of this process looks here first."""
        self._compiler.compile = self.compile

    def compile(self, pattern: Any, flags: int = 0) -> Any:
        """As ``re._compiler.compile``."""
        if not isinstance(pattern, str) or flags & self._compiler.SRE_FLAG_DEBUG:
            return self._whole(pattern, flags)
        if self._kept is None:
            self._kept = _read(self.file)
        key = key_of(pattern, flags)
        # Most are asked for once; what was given need not be held here too.
        made = self._kept.pop(key, None) or self._new.get(key)
        if made is not None:
            with contextlib.suppress(RuntimeError, ValueError, TypeError, OverflowError, zlib.error):
                found = self._given(pattern, made)
                self._used.add(key)
                return found
        if not _importing():
            return self._whole(pattern, flags)
        parsed = self._compiler._parser.parse(pattern, flags)
        code = self._compiler._code(parsed, flags)
        names: list[str | None] = [None] * parsed.state.groups
        for name, place in parsed.state.groupdict.items():
            names[place] = name
        made = (
            int(flags | parsed.state.flags),
            zlib.compress(array.array("I", map(int, code)).tobytes(), 1),
            parsed.state.groups - 1,
            dict(parsed.state.groupdict),
            tuple(names),
        )
        self._new[key] = made
        return self._given(pattern, made)

    def _given(self, pattern: str, made: _Made) -> Any:
        flags, code, groups, places, names = made
        return self._matcher.compile(
            pattern, flags, array.array("I", zlib.decompress(code)).tolist(), groups, places, names
        )

    def save(self) -> None:
        """Put what is new beside what was there, whole or not at all."""
        if not self._new:
            return
        kept = _read(self.file)
        if all(key in kept for key in self._new):
            return
        kept |= self._new
        if len(kept) > _MOST:
            kept = {key: made for key, made in kept.items() if key in self._used or key in self._new}
        self._new = {}
        import tempfile

        body = marshal.dumps(kept)
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.file.parent, delete=False) as temporary:
                temporary.write(blake2b(body, digest_size=_SEAL).digest() + body)
            Path(temporary.name).replace(self.file)


def key_of(pattern: str, flags: int) -> bytes:
    """What an expression is kept under: a digest of it and its flags."""
    return blake2b(f"{int(flags)} {pattern}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def keep() -> None:
    """Have this process keep and use what its modules compile; where Python is not one that is known, nothing happens."""
    compiler: Any = importlib.import_module("re._compiler")
    if sys.version_info[:2] not in _KNOWN or array.array("I").itemsize != compiler._sre.CODESIZE:
        return
    if isinstance(getattr(compiler.compile, "__self__", None), Expressions):
        return
    version = f"{sys.hexversion:x}-{compiler.MAGIC}-{unicodedata.unidata_version}-{sys.byteorder}"
    made = Expressions(cache_folder() / f"{version}.re")
    made.install()
    workers = sys.modules.get("multiprocessing")
    if workers is None or workers.parent_process() is None:
        atexit.register(made.save)
    else:
        from multiprocessing.util import Finalize

        # A worker ends without what `atexit` knows.
        Finalize(None, made.save, exitpriority=10)


def _read(file: Path) -> dict[_Key, _Made]:
    try:
        data = file.read_bytes()
        if blake2b(data[_SEAL:], digest_size=_SEAL).digest() == data[:_SEAL]:
            found: dict[_Key, _Made] = marshal.loads(data[_SEAL:])  # noqa: S302 - our own, and checked to be whole
            return found
    except (OSError, ValueError, EOFError, TypeError):
        pass
    return {}


def _importing() -> bool:
    """Whether what asks for an expression is a module that is being imported, which takes nothing from outside."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            # So is what `eval` runs, but not by the import machinery.
            return frame.f_back is not None and frame.f_back.f_globals.get("__name__") == "importlib._bootstrap"
        frame = frame.f_back
    return False


__all__ = ["Expressions", "keep", "key_of"]

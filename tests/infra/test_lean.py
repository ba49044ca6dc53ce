"""Arrow without pandas: nothing is imported, arrays are the same, and whoever wants pandas gets it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = "import sys\nfrom infra.lean import arrow_without_pandas\n"
ARRAYS = "import pyarrow as pa\na = pa.array([1, None]); b = pa.scalar('x'); c = pa.table({'a': a})\n"


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("order", ["before", "after"])
def test_arrays_import_no_pandas(order: str) -> None:
    lean = "arrow_without_pandas(); arrow_without_pandas()\n"
    code = HEAD + (lean if order == "before" else "import pyarrow\n" + lean) + ARRAYS
    more = "print('pandas' in sys.modules, a.to_pylist(), b.as_py(), type(sys.meta_path[0]).__module__)"
    assert said(code + more).startswith("False [1, None] x ")
    assert "infra.lean" not in said(code + more)


def test_memory_that_is_free_goes_back() -> None:
    """Not a figure of bytes, which are the system's business, but that arrays come from where they can go back."""
    code = "from infra.lean import lean\nlean()\nimport pyarrow as pa\npa.array([1])\nprint(pa.default_memory_pool().backend_name)"
    assert said(code) == "system"


def test_whoever_wants_pandas_gets_it() -> None:
    pytest.importorskip("pandas")
    code = HEAD + "arrow_without_pandas()\n" + ARRAYS
    more = (
        "import pandas\nprint(c.to_pandas()['a'].tolist(), pa.Table.from_pandas(pandas.DataFrame({'a': [1]}))['a'][0])"
    )
    assert said(code + more) == "[1.0, nan] 1"


def test_a_process_that_has_pandas_keeps_it() -> None:
    pytest.importorskip("pandas")
    code = "import pandas\n" + HEAD + "arrow_without_pandas()\n" + ARRAYS
    assert said(code + "print(pa.array(pandas.Series([1.0, float('nan')])).null_count)") == "1"


def test_the_command_line_imports_neither_pandas_nor_the_library_of_suites() -> None:
    code = (
        "import sys\nfrom clearinghouse.cli import app\nfrom clearinghouse.cli.output import run\n"
        "sys.argv = ['clearinghouse', 'mix', 'ls', '--mixes', 'nowhere']\n"
        "try:\n    run(app)\nexcept SystemExit:\n    pass\n"
        "import pyarrow as pa\npa.array([1])\n"
        "print({'pandas', 'great_expectations', 'presidio_analyzer', 'airflow'} & set(sys.modules))"
    )
    assert said(code).splitlines()[-1] == "set()"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, asks glibc")
def test_steps_give_back_what_they_no_longer_need_in_a_lean_process_alone() -> None:
    grown = (
        "import resource\ndef held():\n    return int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize()\n"
        "before = held()\nkept, gone = [], []\n"
        "for _ in range(4000):\n    gone.append(bytes(100_000)); kept.append(bytes(2000))\n"
        "full = held()\ndel gone[:]\ngive_back()\nprint(held() - before < (full - before) / 4)"
    )
    code = "from infra.lean import give_back, lean\n"
    assert said(code + "lean()\n" + grown) == "True"
    assert said(code + "import infra.lean\ngive_back()\nprint(infra.lean._trim)") == "[]"

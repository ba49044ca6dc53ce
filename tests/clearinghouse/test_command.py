"""The command where only the reader is installed."""

from __future__ import annotations

import subprocess
import sys

BLOCKED = """
import sys
sys.modules["typer"] = None
from clearinghouse.__main__ import main
main()
"""


def test_without_the_pipeline_the_command_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED, "ls"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "clearinghouse[pipeline]" in done.stderr
    assert "Traceback" not in done.stderr

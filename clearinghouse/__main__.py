"""The ``clearinghouse`` command, and ``python -m clearinghouse``."""

from __future__ import annotations

import sys


def main() -> None:
    """Start the command line; where only the reader is installed, say what is missing."""
    try:
        from clearinghouse.cli import main as run
    except ModuleNotFoundError as missing:
        if missing.name not in {"typer", "rich", "click"}:
            raise
        print(
            "error: this is the reader's install; the command line is in the extra `pipeline`\n"
            "fix: pip install 'clearinghouse[pipeline]'",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    run()


if __name__ == "__main__":
    main()

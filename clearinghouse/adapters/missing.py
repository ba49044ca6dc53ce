"""One way to say that a framework is not installed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from schemas.errors import ClearinghouseError


class Missing(ClearinghouseError, ImportError):
    """A framework that an adapter needs is not installed."""

    exit_code = 2


@cache
def need(module: str, package: str = "") -> Any:
    """The module, imported. Raises `Missing`, which names the package to install."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name and not module.startswith(error.name):
            raise  # it is there, and lacks something of its own
        top = module.partition(".")[0]
        raise Missing(f"{top} is not installed", fix=f"pip install {package or top}") from None

"""Gathers the functions that a plugin gives to CKAN."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction
from types import ModuleType
from typing import Any


def functions(*modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the public functions written in `modules`, by name."""
    return {
        name: member
        for module in modules
        for name, member in vars(module).items()
        if isfunction(member) and member.__module__ == module.__name__ and name[0] != "_"
    }

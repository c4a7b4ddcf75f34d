"""Checks the variables that set something, before they are mixed with the file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_origin

from pydantic import BaseModel

PREFIX = "INBOX_BOT__"
BETWEEN = "__"


def wrong_variables(
    tree: type[BaseModel], environment: Mapping[str, str]
) -> Iterator[str]:
    """Say what is wrong with variables that a settings tree couldn't tell by name."""
    for variable, value in sorted(environment.items()):
        if not variable.upper().startswith(PREFIX):
            continue
        section, _, key = variable[len(PREFIX) :].lower().partition(BETWEEN)
        if section not in tree.model_fields:
            known = ", ".join(sorted(tree.model_fields))
            yield f"{variable}: {section} is no section. There may be: {known}."
        elif not key and not _is_json(value, dict):
            yield f"{variable} is a section: set {variable}{BETWEEN}KEY for each key."
        elif _takes_a_list(tree, section, key) and not _is_json(value, list):
            yield f'{variable}: must be a list as in JSON, such as ["one", "two"].'


def _takes_a_list(tree: type[BaseModel], section: str, key: str) -> bool:
    model: Any = tree.model_fields[section].annotation
    field = model.model_fields.get(key)
    return field is not None and get_origin(field.annotation) is list


def _is_json(value: str, kind: type) -> bool:
    try:
        return isinstance(json.loads(value), kind)
    except (ValueError, RecursionError):
        return False

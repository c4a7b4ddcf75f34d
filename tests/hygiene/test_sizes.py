"""Modules, functions, classes and folders stay small enough to be read at once."""

import ast
from collections import Counter

import pytest

from tests.hygiene.repository import SOURCE, modules, name_of, syntax

MODULE_LINES = 400
TEST_MODULE_LINES = 500
FUNCTION_LINES = 50
CLASS_LINES = 250
FOLDER_MODULES = 15

# One list of tables, and pure data: long, but read by looking up.
LONG_MODULES = {"inbox_bot/adapters/db/tables.py"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_long(tree, kinds, limit):
    return [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.end_lineno - node.lineno + 1 > limit
    ]


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", modules(*SOURCE), ids=name_of)
def test_a_module_and_what_is_in_it_stays_small(path):
    tree = syntax(path)

    assert [] == too_long(tree, FUNCTIONS, FUNCTION_LINES)
    assert [] == too_long(tree, ast.ClassDef, CLASS_LINES)
    assert lines_of(path) <= MODULE_LINES or name_of(path) in LONG_MODULES


@pytest.mark.parametrize("path", modules("tests", "benchmarks"), ids=name_of)
def test_a_test_module_stays_small(path):
    assert lines_of(path) <= TEST_MODULE_LINES


def test_no_folder_holds_too_many_modules():
    counted = Counter(
        name_of(path.parent) for path in modules(*SOURCE) if path.stem != "__init__"
    )
    full = {
        folder: count
        for folder, count in counted.items()
        if count > FOLDER_MODULES and not folder.endswith("versions")
    }

    assert {} == full


def test_a_long_function_is_found():
    body = "\n".join(f"    x = {number}" for number in range(FUNCTION_LINES))

    found = too_long(ast.parse(f"def long():\n{body}"), FUNCTIONS, FUNCTION_LINES)

    assert ["long: 51 lines"] == found

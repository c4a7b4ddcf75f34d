"""Rules of the house that no linter has."""

import ast

import pytest

from tests.hygiene.repository import SOURCE, modules, name_of, syntax

# The worker's loop and the web's error page: whatever happens, the bot goes on.
CATCH_ALLS = {"inbox_bot/services/processing.py": 1, "inbox_bot/web/app.py": 1}
CORE = ("inbox_bot/domain/", "inbox_bot/mime/", "inbox_bot/services/")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def catch_alls(tree):
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node.type)
    ]


def catches_all(caught):
    match caught:
        case None | ast.Name(id="Exception" | "BaseException"):
            return True
        case ast.Tuple(elts=several):
            return any(catches_all(one) for one in several)
        case _:
            return False


def without_docstring(tree):
    return [
        node.name
        for node in tree.body
        if isinstance(node, FUNCTIONS)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


@pytest.mark.parametrize("path", modules(*SOURCE, "tests", "benchmarks"), ids=name_of)
def test_a_module_opens_with_its_job(path):
    tree = syntax(path)

    assert ast.get_docstring(tree) or not tree.body


@pytest.mark.parametrize("path", modules(*SOURCE), ids=name_of)
def test_errors_are_caught_by_name(path):
    assert len(catch_alls(syntax(path))) <= CATCH_ALLS.get(name_of(path), 0)


@pytest.mark.parametrize(
    "path",
    [path for path in modules("inbox_bot") if name_of(path).startswith(CORE)],
    ids=name_of,
)
def test_a_public_function_of_the_core_says_its_job(path):
    assert [] == without_docstring(syntax(path))


@pytest.mark.parametrize(
    "caught", ["", " Exception", " (ValueError, BaseException) as error"]
)
def test_a_catch_all_is_found(caught):
    tree = ast.parse(f"try:\n    work()\nexcept{caught}:\n    pass")

    assert [3] == catch_alls(tree)


def test_a_named_error_is_no_catch_all():
    tree = ast.parse("try:\n    work()\nexcept (ValueError, OSError):\n    pass")

    assert [] == catch_alls(tree)


def test_a_missing_docstring_is_found():
    tree = ast.parse('def said():\n    "Say."\ndef silent(): ...\ndef _own(): ...')

    assert ["silent"] == without_docstring(tree)

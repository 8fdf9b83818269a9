"""What mypyc takes for something else than Python does, and mypy does not report."""

import ast
from collections.abc import Iterator

import pytest

from alphaloop.compiled.digest import PACKAGE
from alphaloop.compiled.modules import MODULES


def tree_of(name: str) -> ast.Module:
    return ast.parse(PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py").read_text())


def functions(name: str) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree_of(name)) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", MODULES)
def test_no_two_exceptions_of_a_function_have_one_name(name):
    """Compiled, they are one variable of the first one's type, and the second raises TypeError."""
    twice = []
    for function in functions(name):
        caught = [node for node in ast.walk(function) if isinstance(node, ast.ExceptHandler) and node.name]
        kinds = {(each.name, ast.unparse(each.type)) for each in caught if each.type}
        if len({bound for bound, _ in kinds}) < len(kinds):
            twice.append(function.name)
    assert twice == []


@pytest.mark.parametrize("name", MODULES)
def test_a_listed_module_is_a_file_and_no_package(name):
    """A package's own code would be compiled with it, and its folder looked for in two places."""
    assert PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py").is_file()

"""How many tests a file holds, read from its text without running it."""

import ast
from pathlib import PurePosixPath


def is_test_file(path: str) -> bool:
    """Whether pytest would look for tests in `path`."""
    name = PurePosixPath(path).name
    return name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py"))


def written_tests(source: bytes) -> int:
    """The tests that must at least be collected from a file: plain functions and methods, one per name.

    Parameters make more of them; what is defined under a condition is not counted.  0 for what does not
    parse, because that fails by itself.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and _is_collected(node)]
    return sum(len(_functions(body)) for body in (tree.body, *(node.body for node in classes)))


def _functions(body: list[ast.stmt]) -> set[str]:
    found = (node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {name for name in found if name.startswith("test")}


def _is_collected(node: ast.ClassDef) -> bool:
    """Whether it is named as a test class, and has neither a constructor nor a word that it is none."""
    if not node.name.startswith("Test"):
        return False
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in ("__init__", "__new__"):
            return False
        if isinstance(statement, ast.Assign) and "__test__" in map(ast.unparse, statement.targets):
            return False
    return True

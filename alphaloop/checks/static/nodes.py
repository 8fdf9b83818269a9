"""Only the syntax that this list knows: what a later Python adds is refused until somebody thought of it."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

_MODULE = (
    ast.Module,
    ast.Import,
    ast.ImportFrom,
    ast.alias,
    ast.ClassDef,
    ast.FunctionDef,
    ast.arguments,
    ast.arg,
)
_STATEMENTS = (
    *(
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
        ast.Expr,
        ast.Pass,
        ast.Return,
        ast.Raise,
        ast.Assert,
        ast.Delete,
    ),
    *(
        ast.If,
        ast.For,
        ast.While,
        ast.Break,
        ast.Continue,
        ast.Try,
        ast.ExceptHandler,
        ast.Match,
        ast.match_case,
    ),
)
_PATTERNS = (
    *(ast.MatchValue, ast.MatchSingleton, ast.MatchSequence, ast.MatchOr, ast.MatchAs, ast.MatchStar),
    *(ast.MatchMapping, ast.MatchClass),
)
_EXPRESSIONS = (
    *(
        ast.BoolOp,
        ast.NamedExpr,
        ast.BinOp,
        ast.UnaryOp,
        ast.Lambda,
        ast.IfExp,
        ast.Dict,
        ast.Set,
        ast.ListComp,
    ),
    *(ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.Compare, ast.Call, ast.keyword),
    *(ast.FormattedValue, ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name),
    *(
        ast.Yield,
        ast.YieldFrom,
        ast.List,
        ast.Tuple,
        ast.Slice,
        ast.boolop,
        ast.operator,
        ast.unaryop,
        ast.cmpop,
        ast.expr_context,
    ),
)
ALLOWED = (*_MODULE, *_STATEMENTS, *_PATTERNS, *_EXPRESSIONS)

_INSTEAD = {
    "AsyncFunctionDef": "write a plain def",
    "Await": "write a plain call",
    "AsyncFor": "write a plain for",
    "AsyncWith": "a strategy opens nothing",
    "With": "a strategy opens nothing; call the function directly",
    "Global": "keep state on self",
    "Nonlocal": "keep state on self",
    "TryStar": "write try/except with named exceptions",
    "TypeAlias": "write NAME = type",
}


def findings(program: Program) -> Iterator[Finding]:
    """Syntax outside the list."""
    for node in program.nodes:
        if not isinstance(node, ALLOWED):
            name = type(node).__name__
            instead = _INSTEAD.get(name, "write it with plain statements and expressions")
            yield program.veto("nodes", node, f"{name} is not part of what a strategy may write; {instead}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, (bytes, complex)):
            seen = f"a literal of type {type(node.value).__name__}; write numbers and plain strings"
            yield program.veto("nodes", node, seen)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            continue
        elif isinstance(node, ast.Delete):
            yield from _delete(program, node)


def _delete(program: Program, node: ast.Delete) -> Iterator[Finding]:
    for target in node.targets:
        local = isinstance(target, ast.Name) and program.function_of(target) is not None
        if not local and not isinstance(target, ast.Subscript):
            seen = "only local names and elements of collections may be deleted; assign None instead"
            yield program.veto("nodes", node, seen)

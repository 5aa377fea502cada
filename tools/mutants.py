"""Small faults that a good test notices: a sign, a comparison, a threshold, a degree of freedom, the end of a slice.

Each mutant of a module is its source with one place changed. Left alone are annotations, decorators, docstrings,
f-strings and what a `raise` says: none of them computes.
"""

import ast
import builtins
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {  # the boundary, then the direction
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPPOSITES = {
    name: other
    for pair in (
        *[("min", "max"), ("minimum", "maximum"), ("nanmin", "nanmax"), ("argmin", "argmax"), ("idxmin", "idxmax")],
        *[("any", "all"), ("floor", "ceil"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("sf", "cdf")],
        *[("triu", "tril"), ("head", "tail"), ("first", "last"), ("sum", "mean"), ("mean", "median")],
    )
    for name, other in (pair, pair[::-1])
}
_DROPPED = ("abs", "sqrt", "log", "exp", "arctanh", "tanh", "dropna", "reversed")  # f(x) becomes x, x.f() becomes x
_LEFT_ALONE = (ast.JoinedStr, ast.Raise)
_LOOKED_OVER = ("annotation", "returns", "decorator_list")  # fields of nodes


@dataclass(frozen=True)
class Mutant:
    """One change: the ``choice``-th of the ``place``-th node. Lines ``first_line`` to ``last_line`` are executed with
    it; ``at_import`` tells that this happens when the module is loaded, not when a function is called.
    """

    place: int
    choice: int
    line: int
    first_line: int
    last_line: int
    at_import: bool
    was: str
    now: str


@dataclass(frozen=True)
class _Statement:
    first_line: int
    last_line: int
    at_import: bool


def find_mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module's source, in the order of the file."""
    mutants = [
        Mutant(
            place,
            choice,
            node.lineno,
            statement.first_line,
            statement.last_line,
            statement.at_import,
            _in_one_line(node),
            _in_one_line(changed),
        )
        for place, (node, statement) in enumerate(_computing_nodes(ast.parse(source)))
        for choice, changed in enumerate(_changes(node))
    ]
    return sorted(mutants, key=lambda mutant: (mutant.line, mutant.place, mutant.choice))


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Return the module with that one change."""
    tree = ast.parse(source)
    node, _ = list(_computing_nodes(tree))[mutant.place]
    changed = ast.copy_location(_changes(node)[mutant.choice], node)
    _Exchange(node, changed).visit(tree)
    return ast.fix_missing_locations(tree)


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _computing_nodes(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, _Statement]]:
    """Yield every node that may be changed, parents first, with the statement it is executed in."""
    yield from _nodes_of(tree, _Statement(1, 1, at_import=True))


def _nodes_of(parent: ast.AST, statement: _Statement) -> Iterator[tuple[ast.expr | ast.stmt, _Statement]]:
    for field, value in ast.iter_fields(parent):
        if field in _LOOKED_OVER:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, _LEFT_ALONE) or _is_docstring(child):
                continue
            inside = _statement(child, parent, field, statement)
            if isinstance(child, ast.expr | ast.stmt):  # a Slice is an expr
                yield child, inside
            yield from _nodes_of(child, inside)


def _statement(child: ast.AST, parent: ast.AST, field: str, outer: _Statement) -> _Statement:
    """Return the lines that are executed with ``child``: a statement's own, or the head of a compound statement."""
    called = isinstance(parent, ast.FunctionDef | ast.Lambda) and field == "body"
    at_import = outer.at_import and not called
    if isinstance(child, ast.stmt):
        return _Statement(child.lineno, child.end_lineno or child.lineno, at_import)
    if isinstance(parent, ast.If | ast.While | ast.For | ast.With) and isinstance(child, ast.expr):
        return _Statement(child.lineno, child.end_lineno or child.lineno, at_import)
    return _Statement(outer.first_line, outer.last_line, at_import)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _changes(node: ast.AST) -> list[ast.AST]:
    """Return what stands in for ``node``, one node a mutant."""
    match node:
        case ast.BinOp() | ast.AugAssign():
            other = _OPERATORS.get(type(node.op))
            return [_with(node, op=other())] if other else []
        case ast.Compare():
            return _changed_comparisons(node)
        case ast.Constant():
            return [ast.Constant(value) for value in _other_values(node.value)]
        case ast.Call():
            return _changed_calls(node)
        case _:
            return [changed] if (changed := _only_change(node)) else []


def _only_change(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.BoolOp():
            return _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp():
            return node.operand
        case ast.Slice(lower=lower, upper=upper) if (lower is None) != (upper is None):
            return _with(node, lower=upper, upper=lower)
        case ast.Return(value=ast.expr()):
            return ast.Return(ast.Constant(None))
        case ast.If() | ast.While() | ast.IfExp() if isinstance(node.test, ast.Name | ast.Call | ast.Attribute):
            return _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case _:
            return None


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _changed_comparisons(node: ast.Compare) -> list[ast.AST]:
    return [
        _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
        for place, operator in enumerate(node.ops)
        for other in _COMPARISONS[type(operator)]
    ]


def _other_values(value: object) -> list[bool | int | float]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 2, value / 2] if value else [1.0]
    return []


def _changed_calls(node: ast.Call) -> list[ast.AST]:
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if other := _OPPOSITES.get(name):
        if isinstance(function, ast.Attribute):
            return [_with(node, func=_with(function, attr=other))]
        return [_with(node, func=ast.Name(other, ctx=ast.Load()))] if hasattr(builtins, other) else []
    if name in _DROPPED and len(node.args) == 1:
        return [node.args[0]]
    if name in _DROPPED and isinstance(function, ast.Attribute):
        return [function.value]
    return []


def _in_one_line(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 100 else f"{text[:97]}..."

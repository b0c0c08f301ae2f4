"""A function that fits the eye, a file that fits the head."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_ROOMS = {"tests", "bench", "migrations", "var"}
FUNCTION_LINES = 40
MODULE_LINES = 320


def modules() -> list[Path]:
    inside = [file for file in ROOT.glob("[!.]*/**/*.py") if file.relative_to(ROOT).parts[0] not in NOT_ROOMS]
    return sorted([*ROOT.glob("*.py"), *inside])


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from def to the last one; a docstring is free."""
    docstring = span(function.body[0]) if ast.get_docstring(function) is not None else 0
    return span(function) - docstring


def test_no_function_is_over_40_lines() -> None:
    offenders = [
        f"{module.relative_to(ROOT)}:{function.lineno} {function.name}: {length(function)} lines"
        for module in modules()
        for function in functions(module)
        if length(function) > FUNCTION_LINES
    ]
    assert offenders == []


def test_no_module_is_over_320_lines() -> None:
    sizes = {module: len(module.read_text("utf-8").splitlines()) for module in modules()}
    offenders = [f"{m.relative_to(ROOT)}: {size} lines" for m, size in sizes.items() if size > MODULE_LINES]
    assert offenders == []


def test_the_measure_leaves_out_the_docstring() -> None:
    source = 'def f():\n    """One\n\n    two."""\n    return 1\n'
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert length(function) == 2


def test_the_measure_sees_the_rooms() -> None:
    assert {ROOT / "run.py", ROOT / "core" / "db.py"} <= set(modules())

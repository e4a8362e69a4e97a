"""Writes properties as plain methods, for the tool changes no function under a decorator."""

import ast


def opened(text: str) -> str:
    """Return a module in which each property is a method ``of_…`` and ``property()`` of it.

    Those of protocols stay: they do nothing.
    """
    lines = text.splitlines()
    for function in reversed(_properties(ast.parse(text))):
        first, last = function.lineno - 1, function.end_lineno or function.lineno
        indent = " " * function.col_offset
        lines.insert(last, f"{indent}{function.name} = property(of_{function.name})")
        lines[first] = lines[first].replace(f"def {function.name}", f"def of_{function.name}", 1)
        del lines[function.decorator_list[0].lineno - 1]
    return "\n".join([*lines, ""])


def _properties(module: ast.Module) -> list[ast.FunctionDef]:
    """Return all that has no other decorator, in the order of the text."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    return [
        item
        for found in classes
        if "Protocol" not in map(ast.unparse, found.bases)
        for item in found.body
        if isinstance(item, ast.FunctionDef)
        and [ast.unparse(each) for each in item.decorator_list] == ["property"]
    ]

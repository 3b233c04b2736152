"""Trees of values as YAML and JSON text that people can read and correct.

Own writer instead of PyYAML's: that one escapes 𠮷 and every emoji, folds long lines, and leaves bare what other
YAML readers take for numbers. The text is read back through ``read_casebook`` in tests, value by value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from biotrace.documents.casebook_kinds import taken_for
from biotrace.documents.casebook_reading import Tree

WIDTH = 110
"""A list or group that is longer than this is spread over several lines."""

_ENTRY = 2
"""The level of a certificate or party below the file: down to it, everything gets lines of its own."""

# Plain only what no YAML reader could mistake: letters, digits and a few signs, with single spaces between.
_PLAIN = re.compile(r"[^\W_][\w./()（）「」・、。㎥\-]*(?: [\w./()（）「」・、。㎥\-]+)*")
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def yaml_text(tree: dict[str, Tree]) -> str:
    """``tree`` as YAML: one key a line, small lists and groups in brackets."""
    return "".join(f"{line}\n" for line in _yaml_lines(tree, 0))


def json_text(tree: dict[str, Tree]) -> str:
    """``tree`` as JSON, laid out alike."""
    return "\n".join(_json_lines(tree, 0)) + "\n"


def _yaml_lines(tree: Tree, level: int) -> Iterator[str]:
    """The lines of a list or group that is spread out, without their outer indentation."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if _is_spread(value, level + 1, _yaml_flow):
                yield f"{key}:"
                yield from ("  " + line for line in _yaml_lines(value, level + 1))
            else:
                yield f"{key}: {_yaml_flow(value)}"
    elif isinstance(tree, list):
        for item in tree:
            spread = _is_spread(item, level + 1, _yaml_flow)
            lines = _yaml_lines(item, level + 1) if spread else iter([_yaml_flow(item)])
            yield f"- {next(lines)}"
            yield from ("  " + line for line in lines)


def _json_lines(tree: Tree, level: int) -> Iterator[str]:
    if not _is_spread(tree, level, _json_flow):
        yield _json_flow(tree)
        return
    yield "{" if isinstance(tree, dict) else "["
    children = _children(tree)
    for i, (start, value) in enumerate(children):
        lines = [*_json_lines(value, level + 1)]
        lines[0] = start + lines[0]
        if i < len(children) - 1:
            lines[-1] += ","
        yield from ("  " + line for line in lines)
    yield "}" if isinstance(tree, dict) else "]"


def _children(tree: Tree) -> list[tuple[str, Tree]]:
    if isinstance(tree, dict):
        return [(f'"{key}": ', value) for key, value in tree.items()]
    return [("", item) for item in tree] if isinstance(tree, list) else []


def _is_spread(tree: Tree, level: int, flow: Callable[[Tree], str]) -> bool:
    if not isinstance(tree, list | dict) or not tree:
        return False
    if level <= _ENTRY and (isinstance(tree, dict) or isinstance(tree[0], dict)):
        return True
    return len(flow(tree)) > WIDTH


def _yaml_flow(tree: Tree) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {_yaml_flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(_yaml_flow(item) for item in tree) + "]"
    if isinstance(tree, str):
        return tree if _PLAIN.fullmatch(tree) and not taken_for(tree) else _quoted(tree)
    return tree.isoformat() if isinstance(tree, date) else _json_flow(tree)


def _json_flow(tree: Tree) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f'"{key}": {_json_flow(value)}' for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(_json_flow(item) for item in tree) + "]"
    if isinstance(tree, bool):
        return "true" if tree else "false"
    if isinstance(tree, Decimal):
        return f"{tree.normalize():f}"
    return _quoted(str(tree))


def _quoted(text: str) -> str:
    """A JSON string that is also a YAML one: YAML would fold or refuse some characters that JSON takes bare."""
    return _HIDDEN.sub(lambda m: f"\\u{ord(m.group()):04x}", json.dumps(text, ensure_ascii=False))

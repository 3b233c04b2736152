"""Elements of SVG and HTML: what is text stays text, whoever wrote it."""

from __future__ import annotations

from html import escape

from biotrace.model.showing import showable_lines

Attributes = dict[str, str | int | None]
"""Of an element, by name, as ``element`` takes them."""


class Markup(str):
    """Text that is markup already. Everything else is escaped where it enters an element."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | int | None) -> Markup:
    """An element; an attribute whose value is None is left out, ``class_`` is class, ``_`` within a name is ``-``."""
    return Markup(f"{_opening(name, attributes)}>{joined(*content)}</{name}>")


def empty(name: str, **attributes: str | int | None) -> Markup:
    """An element that holds nothing, closed at once; void elements of HTML are written so too."""
    return Markup(f"{_opening(name, attributes)}/>")


def joined(*content: str, between: str = "") -> Markup:
    """Pieces of text and markup as one markup."""
    return Markup(between.join(c if isinstance(c, Markup) else escape(showable_lines(c)) for c in content))


def _opening(name: str, attributes: Attributes) -> str:
    said = (
        f' {key.rstrip("_").replace("_", "-")}="{escape(showable_lines(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{''.join(said)}"

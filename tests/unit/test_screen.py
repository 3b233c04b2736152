"""Lines of a terminal in which a Japanese character takes two columns."""

from hypothesis import given
from hypothesis import strategies as st

from cli.screen import columns, cut, labelled, padded, wrapped

TEXT = st.text(st.sampled_from("abc 12,。、「」木質チップ㎥○…"), max_size=200)


@given(TEXT, st.integers(8, 70))
def test_wrapping_keeps_every_sign_and_the_width(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)


@given(TEXT, st.integers(3, 70))
def test_what_is_cut_fits(text: str, width: int) -> None:
    assert columns(cut(text, width)) <= width
    assert cut(text, columns(text)) == text


def test_no_line_begins_with_a_closing_sign() -> None:
    assert list(wrapped("木質チップの証明書。", 18)) == ["木質チップの証明", "書。"]
    assert list(wrapped("one two three", 9)) == ["one two", "three"]


def test_labels_stand_in_a_column_of_their_own() -> None:
    assert list(labelled("理由", "木" * 40, 10)) == ["理由      " + "木" * 34, " " * 10 + "木" * 6]
    assert padded("木", 4) == "木  "

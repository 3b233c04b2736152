"""Lines break as Japanese printing has it, and lose nothing."""

from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents.forms.wrap import MM_PER_POINT, wrap
from biotrace.documents.typeface import REGULAR, width


def test_lines_start_and_end_by_the_kinsoku_rules() -> None:
    em = 10 * MM_PER_POINT
    assert wrap("木質、木質", REGULAR, 10, 2.5 * em) == ["木", "質、", "木質"]
    assert wrap("木質（間伐）", REGULAR, 10, 3.5 * em) == ["木質", "（間", "伐）"]
    assert wrap("チップ", REGULAR, 10, 2.5 * em) == ["チッ", "プ"]


def test_numbers_and_words_stay_whole_where_they_can() -> None:
    em = 10 * MM_PER_POINT
    assert wrap("地番236-2、237-1", REGULAR, 10, 6 * em) == ["地番236-2、", "237-1"]
    assert wrap("A" * 40, REGULAR, 10, 10 * em)[0].count("A") > 10


def test_line_breaks_in_the_text_are_kept() -> None:
    assert wrap("長野県\n飯山市", REGULAR, 10, 100) == ["長野県", "飯山市"]


@given(st.text("木質、（）ーッ 23-A.髙𠮷", max_size=60), st.floats(5, 60))
def test_wrapping_loses_only_spaces_and_never_exceeds_the_width(text: str, wide: float) -> None:
    lines = wrap(text, REGULAR, 10, wide)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line.strip(), REGULAR, 10) * MM_PER_POINT <= wide + 1e-6 or len(line) == 1 for line in lines)

"""What to say when a file is not even YAML or JSON: found, expected, remedy, for people who know neither parser."""

from __future__ import annotations

import json

import yaml

from biotrace.documents.problems import shown
from biotrace.model.text import Text, same

Words = tuple[Text, Text, Text | None]

_SHAPE = Text("「キー: 値」を並べた YAML（または JSON）", 'YAML of "key: value" lines (or JSON)')
_UTF8 = Text("UTF-8 の文字", "text in UTF-8")
_ONE_EACH = Text("一つの組に同じキーは一回", "each key once")
_WRITTEN_OUT = Text("値をその場に書き下したもの", "values written out in place")

EMPTY: Words = (
    Text("ファイルに何も書かれていません", "the file is empty"),
    Text("「biotrace: casebook/1」で始まる YAML", 'YAML that starts with "biotrace: casebook/1"'),
    Text(
        "保存し忘れや、ファイルの取り違えがないか確かめてください", "check that the file was saved and is the right one"
    ),
)
TOO_DEEP: Words = (
    Text("入れ子が深すぎます（30段を超えています）", "the nesting is too deep (more than 30 levels)"),
    _SHAPE,
    Text("括弧や「- 」の打ち過ぎがないか確かめてください", 'check for stray brackets or "- " signs'),
)
SECOND_DOCUMENT: Words = (
    Text("「---」の後に二つ目の文書があります", 'a second document starts after "---"'),
    Text("1ファイルに1文書", "one document per file"),
    Text(
        "ファイルを分けるか、「---」の行を消して一つにまとめてください",
        'split the file, or remove the "---" line and merge',
    ),
)
KEY_IS_NO_TEXT: Words = (
    Text("キーの場所にリストや組があります", "a list or mapping stands in the place of a key"),
    Text("文字のキー", "a key of plain text"),
    Text(
        "「?」の行や、値の先頭の { や [ を引用符で囲み忘れていないか確かめてください",
        'check for a line with "?" and for values that start with { or [ and need quotation marks',
    ),
)
MERGE_KEY: Words = (
    Text("「<<」（マージキー）は使えません", '"<<" (a merge key) is not allowed'),
    _WRITTEN_OUT,
    Text("取り込みたいキーと値をその場に書いてください", "write the keys and values here themselves"),
)
DAMAGED: Words = (
    Text("UTF-8 として読めない文字があります（文字が壊れています）", "bytes that are not UTF-8 (the text is damaged)"),
    _UTF8,
    Text("この行の文字を打ち直し、UTF-8 で保存してください", "retype this line and save the file as UTF-8"),
)


NO_TEXT = (
    (b"%PDF-", Text("PDF です", "a PDF"), "biotrace scan"),
    (
        b"PK\x03\x04",
        Text("Excel のブック（または zip）です", "an Excel workbook, or a zip"),
        "biotrace workbook import",
    ),
    (b"\x89PNG", Text("画像です", "a picture"), "biotrace scan"),
    (b"\xff\xd8\xff", Text("画像です", "a picture"), "biotrace scan"),
)
"""Files that people have at hand, by how they begin: what they are, and which command takes them."""


def another_file(what: Text, command: str) -> Words:
    """For a file of a kind that is no text at all."""
    return (
        Text("文字だけのファイルではなく、", "no text file but ") + what,
        _UTF8,
        Text(
            f"ファイルを取り違えていないか確かめてください（この種のファイルは {command} で）",
            f"see whether it is the right file; for one of this kind there is {command}",
        ),
    )


def wrong_encoding(name: str) -> Words:
    """For a file in an encoding that was recognised."""
    return (
        Text(f"このファイルは {name} で保存されているようです", f"this looks like {name}"),
        _UTF8,
        Text(
            "エディターや表計算ソフトの「名前を付けて保存」で文字コードに UTF-8 を選び、保存し直してください",
            'save it as UTF-8 (in the editor: "save as", encoding UTF-8)',
        ),
    )


def control_character(character: str) -> Words:
    """For a character that YAML does not take."""
    code = f"U+{ord(character):04X}"
    return (
        Text(f"目に見えない制御文字 {code} が混じっています", f"an invisible control character {code}"),
        _UTF8,
        Text("この文字を消してください", "delete the character"),
    )


def repeated(key: str, line: int) -> Words:
    """For a key that stands twice in one mapping."""
    name = shown(key)
    return (
        Text(f"キー{name.ja}は{line}行目にもあります", f"the key {name.en} already stands on line {line}"),
        _ONE_EACH,
        Text(
            "どちらか一方を消してください。別の項目のつもりなら、その先頭に「- 」を付けてください",
            'remove one of them; if a new entry was meant, start it with "- "',
        ),
    )


def alias(mark: str) -> Words:
    """For ``&name`` and ``*name``."""
    name = shown(mark)
    return (
        Text(
            f"YAML のアンカー・エイリアス{name.ja}は使えません", f"YAML anchors and aliases are not allowed: {name.en}"
        ),
        _WRITTEN_OUT,
        Text(
            '値をその場に書いてください。& や * で始まる文字そのものなら "…" で囲んでください',
            'write the value here itself; put text that starts with & or * in quotation marks: "…"',
        ),
    )


def tag(name: str) -> Words:
    """For ``!name`` and ``!!name``."""
    return (
        Text(
            f"YAML のタグ{shown(name).ja}は使えません",
            f"YAML tags are not allowed: {shown(name).en}",
        ),
        Text("タグのない値", "a value without a tag"),
        Text(
            'タグを消してください。! で始まる文字そのものなら "…" で囲んでください',
            'remove the tag; put text that starts with ! in quotation marks: "…"',
        ),
    )


_QUOTE = Text('値全体を "…" で囲んでください', 'put the whole value in quotation marks: "…"')
_INDENT = Text(
    "同じ並びのキーや「- 」の字下げを、半角スペースで前の行とそろえてください",
    'indent the keys or "- " signs of one level alike, with spaces',
)
_MISFIT = (
    Text("前の行とつながりません", "this does not continue what stands before it"),
    Text(
        "字下げを半角スペースでそろえ、引用符や括弧が値の途中で閉じていないか確かめてください",
        "indent with spaces like the lines around it, and check that no quotation mark or bracket closes too early",
    ),
)
_OPEN_QUOTE = (
    Text("引用符が閉じられていません", "a quotation mark is never closed"),
    Text("ここで始まる引用符を閉じてください", "close the quotation mark that opens here"),
)
_SIGN = Text(
    'この場所の記号を確かめ、値の一部なら値全体を "…" で囲んでください',
    'check the signs here; if they belong to a value, put the whole value in quotation marks: "…"',
)
_CLOSE = Text("閉じ括弧とコンマを確かめてください", "check the closing bracket and the commas")

# (part of the parser's sentence, message, remedy): libyaml's sentences and those of PyYAML's own parser.
_YAML: tuple[tuple[str, Text, Text], ...] = (
    (
        "mapping values are not allowed",
        Text("ここに「: 」は置けません", 'a ": " cannot stand here'),
        Text(
            '前の行の半角コロンとその後の空白、字下げを確かめてください。値に「: 」を含むときは "…" で囲んでください',
            "check that the line above has its own colon and a space after it and that the indentation is equal; "
            'put a value that contains ": " in quotation marks: "…"',
        ),
    ),
    (
        "expected ':'",
        Text("キーの後に「: 」（半角コロンと空白）がありません", 'a ": " (colon and space) is missing after a key'),
        Text("「キー: 値」の形に直してください", 'write "key: value"'),
    ),
    ("unexpected end of stream", *_OPEN_QUOTE),
    ("unexpected document", *_OPEN_QUOTE),
    ("',' or ']'", Text("[ … ] が正しく閉じられていません", "a [ … ] is not closed properly"), _CLOSE),
    ("',' or '}'", Text("{ … } が正しく閉じられていません", "a { … } is not closed properly"), _CLOSE),
    ("node content", Text("値の場所に記号があります", "a sign stands in the place of a value"), _QUOTE),
    (
        "unknown escape character",
        Text("「\\」の後の文字が正しくありません", 'the character after "\\" is not known'),
        Text("「\\」を「\\\\」と二つ重ねるか、'…' で囲んでください", 'double the "\\", or use \'…\' instead of "…"'),
    ),
    (
        "sequence entries are not allowed",
        Text("ここに「- 」は置けません", 'a "- " cannot stand here'),
        Text(
            'リストは次の行から「- 」で始めてください。ハイフンそのものなら "-" と囲んでください',
            'start the list on the next line; put a mere hyphen in quotation marks: "-"',
        ),
    ),
    ("expected key", *_MISFIT),
    ("expected <block end>", *_MISFIT),
    (
        "expected '-' indicator",
        Text("リストの途中に「- 」のない行があります", 'a line without "- " inside a list'),
        _INDENT,
    ),
)
_TAB: Words = (
    Text("字下げにタブが使われています", "a tab is used for indentation"),
    _SHAPE,
    Text("タブを半角スペースに置き換えてください", "replace the tab by spaces"),
)


def yaml_place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Line and column to look at: for what is never closed its beginning, since parsers notice at the end."""
    beginning = ("quoted scalar", "flow ", "simple key")
    begun = any(b in (error.context or "") for b in beginning)
    mark = (error.context_mark if begun else None) or error.problem_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def yaml_error(error: yaml.MarkedYAMLError, text: str) -> Words:
    """A YAML parser's complaint in plain words."""
    problem = error.problem or ""
    if "cannot start any token" in problem:
        line, column = yaml_place(error)
        character = text.splitlines()[line - 1][column - 1 : column]
        if character == "\t":
            return _TAB
        name = shown(character)
        return Text(f"値を{name.ja}で始めることはできません", f"a value cannot start with {name.en}"), _SHAPE, _QUOTE
    for part, message, remedy in _YAML:
        if part in problem:
            return message, _SHAPE, remedy
    return Text("YAML として読めません: ", "not YAML: ") + same(problem), _SHAPE, _SIGN


_JSON: tuple[tuple[str, Text, Text | None], ...] = (
    ("Expecting ',' delimiter", Text("コンマか閉じ括弧がありません", "a comma or closing bracket is missing"), _CLOSE),
    ("Expecting ':' delimiter", Text("キーの後に「:」がありません", 'a ":" is missing after a key'), None),
    ("Expecting value", Text("値がありません", "a value is missing"), _CLOSE),
    (
        "property name",
        Text('「"」で囲んだキーがありません', 'a key in "…" is missing'),
        Text(
            'キーを "…" で囲み、最後の項目の後のコンマを消してください。YAML なら、ファイルを { で始めないでください',
            'put the key in "…" and remove a comma after the last item; for YAML, do not start the file with {',
        ),
    ),
    ("trailing comma", Text("最後の項目の後にコンマがあります", "a comma follows the last item"), _CLOSE),
    ("Unterminated string", *_OPEN_QUOTE),
    (
        "control character",
        Text("引用符の中に改行やタブがそのまま入っています", "a line break or tab stands inside quotation marks"),
        Text("改行は \\n、タブは \\t と書いてください", "write \\n for a line break and \\t for a tab"),
    ),
    (
        "escape",
        Text("「\\」の後の文字が正しくありません", 'the character after "\\" is not known'),
        Text("「\\」を「\\\\」と二つ重ねてください", 'double the "\\"'),
    ),
    ("Extra data", Text("最後の } の後にまだ文字があります", "text follows after the last }"), None),
)


def json_error(error: json.JSONDecodeError) -> Words:
    """The JSON parser's complaint in plain words."""
    for part, message, remedy in _JSON:
        if part in error.msg:
            return message, Text("正しい JSON", "well-formed JSON"), remedy
    return (
        Text("JSON として読めません: ", "not JSON: ") + same(error.msg),
        Text("正しい JSON", "well-formed JSON"),
        None,
    )

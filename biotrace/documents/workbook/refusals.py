"""Why a file is not read as a workbook at all."""

from __future__ import annotations

from biotrace.errors import UnreadableError
from biotrace.model.text import Text, same

_SAVE_AS = Text(
    "Excel で開き、「名前を付けて保存」で「Excel ブック (*.xlsx)」にしてください",
    'open it in Excel and save it as "Excel workbook (*.xlsx)"',
)
_UTF8 = Text(
    "Excel の「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」か「Excel ブック」にしてください",
    'save it from Excel as "CSV UTF-8 (comma delimited)" or as a workbook',
)


def _refused(name: str, message: Text, remedy: Text, code: str) -> UnreadableError:
    return UnreadableError(same(f"{name}: ") + message, remedy, code=code)


def protected(name: str) -> UnreadableError:
    """Encrypted by Office."""
    return _refused(
        name,
        Text("パスワードで保護されています", "it is protected by a password"),
        Text(
            "Excel で開き、「情報」→「ブックの保護」でパスワードを外して保存してください",
            "open it in Excel, remove the password under File, Info, and save it",
        ),
        "protected",
    )


def old_format(name: str, what: str) -> UnreadableError:
    """.xls, .xlsb or .ods."""
    message = Text(f"{what} の形式は読めません（読めるのは xlsx と csv）", f"{what} is not read, only xlsx and csv are")
    return _refused(name, message, _SAVE_AS, "old-format")


def not_a_workbook(name: str) -> UnreadableError:
    """Neither a workbook nor text."""
    return _refused(
        name,
        Text("Excel ブックでも CSV でもありません", "it is neither an Excel workbook nor a csv file"),
        Text("ファイルを取り違えていないか確かめてください", "see whether it is the right file"),
        "not-a-workbook",
    )


def broken(name: str, why: str) -> UnreadableError:
    """A zip that cannot be unpacked, or parts that are no workbook's."""
    return _refused(
        name,
        Text(f"ファイルが壊れています（{why}）", f"the file is damaged ({why})"),
        Text("Excel で開いて保存し直すか、控えから戻してください", "open and save it in Excel, or restore a copy"),
        "damaged-file",
    )


def too_large(name: str, what: Text) -> UnreadableError:
    """More rows, columns or bytes than any book of a mill has."""
    return _refused(
        name,
        Text("大きすぎます: ", "too large: ") + what,
        Text(
            "月や年で分け、使っていない行・列の書式を消してください", "split it by month or year, and clear unused rows"
        ),
        "too-large",
    )


def wrong_encoding(name: str, encoding: str) -> UnreadableError:
    """Text in none of the encodings that Excel writes csv in."""
    message = Text(
        f"文字コードが {encoding} です（読めるのは UTF-8 と Shift_JIS）",
        f"it is in {encoding}; UTF-8 and Shift_JIS are read",
    )
    return _refused(name, message, _UTF8, "encoding")


def wrong_delimiter(name: str, sign: str) -> UnreadableError:
    """Cells parted by something else than commas."""
    message = Text(f"コンマではなく{sign}で区切られています", f"its cells are parted by {sign} instead of commas")
    return _refused(name, message, _UTF8, "delimiter")


def empty(name: str) -> UnreadableError:
    """A file of no bytes, or sheets without any cell."""
    return _refused(
        name,
        Text("何も書かれていません", "nothing is written in it"),
        Text("保存し忘れや、取り違えがないか確かめてください", "check that it was saved and is the right file"),
        "empty",
    )


def no_sheet(name: str, sheets: list[str], wanted: str) -> UnreadableError:
    """No sheet of the kinds that are known, or not the one asked for."""
    named = "、".join(sheets)
    message = Text(f"読めるシートがありません（あるのは {named}）", f"there is no sheet to read (it has {named})")
    remedy = Text(
        f"シートの名前を {wanted} のどれかにするか、--sheet で指定してください",
        f"name a sheet {wanted}, or choose one with --sheet",
    )
    return _refused(name, message, remedy, "no-sheet")


def in_use(name: str, lock: str) -> UnreadableError:
    """Excel has it open."""
    return _refused(
        name,
        Text(f"Excel で開かれています（{lock} があります）", f"it is open in Excel ({lock} lies beside it)"),
        Text(
            f"保存して閉じてから、もう一度実行してください。開いていないなら {lock} を消してください",
            f"save and close it, then run this again; if it is not open, delete {lock}",
        ),
        "in-use",
    )


def not_opened(name: str) -> UnreadableError:
    """The system refuses, as Windows does while another program has the file."""
    return _refused(
        name,
        Text(
            "開けません（ほかのプログラムが使っているか、権限がありません）",
            "it is in use elsewhere, or permission is denied",
        ),
        Text("Excel で開いていれば閉じてください", "close it, if it is open in Excel"),
        "in-use",
    )

"""``biotrace trace`` as a reviewer runs it, over a ledger and over the audit's papers."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.chain.record import parse_record
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.model.quantity import Unit
from biotrace.services import trace
from biotrace.services.shipped import demo_casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.trace_open import open_casebook
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.workspaces import TODAY, contents, envelopes, password

Run = Callable[..., Result]
DEMO = Path(__file__).parents[2] / "data/demo/soumu2017.yaml"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit's papers in a ledger."""
    folder = tmp_path_factory.mktemp("desk") / "desk"
    later = TODAY + 3 * 365 * 86_400
    with init_workspace(folder, (casebooks.BODY,), lambda: later, password) as workspace:
        sign_casebook(workspace, demo_casebook())
    return folder


def answer(run: Run, *arguments: object, code: int = 0) -> Any:
    result = run("trace", *arguments, "--format", "json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


# back


def test_a_lot_back_to_its_parcel(run: Run, desk: Path) -> None:
    result = run("trace", "back", "d-h1", "-w", desk)
    assert result.exit_code == 1
    assert "[指摘] d-h1  間伐材等由来 → 一般木質 5,220 kg" in result.stdout
    assert "5,220 kg  第27-035号  青葉谷山林開発株式会社" in result.stdout
    assert "宮崎県東椎原郡青葉谷町杉本 62" in result.stdout
    assert "根拠: 伐採及び伐採後の造林届出書・適合通知書 010104" in result.stdout
    assert "H304 f-h1: 主伐（伐採届のみ）を間伐材等由来としている" in result.stdout
    assert "28-035-1 のとき、引き当てのほかに残っていたもの 3 件" in result.stdout
    assert "2,680 kg  2015-11-13  第27-038号  株式会社西米杉木材" in result.stdout
    english = run("trace", "back", "d-h1", "-w", desk, lang="en").stdout
    assert "where it was felled, by what is drawn on" in english
    assert "beside what 28-035-1 draws on, 3 more lay there" in english


def test_every_route_of_the_audit_accounts_for_every_gram(run: Run) -> None:
    """Sum of the origins, and what no certificate at hand brought, is the lot: on all 110 lots, to the gram."""
    desk = open_casebook(DEMO).desk
    lots = {lot["id"]: lot for lot in json.loads(run("check", DEMO, "--format", "json").stdout)["lots"]}
    assert len(lots) == 110
    for lot, judged in lots.items():
        back = trace.back(desk, lot).back
        assert back.missing is not None
        assert sum(origin.grams or 0 for origin in back.origins) + back.missing == back.lot.dry_grams, lot
        assert back.lot.confirmed == judged["confirmed"]


def test_a_ledger_and_its_casebook_tell_the_same(run: Run, desk: Path) -> None:
    one = answer(run, "back", "d-h1", "-w", desk, code=1)
    other = answer(run, "back", "d-h1", "--casebook", DEMO, code=1)
    for found in (one, other):
        assert [o["called"] for o in found["origins"]] == ["第27-035号"]
        assert [h["grams"] for h in found["hands"]] == [5_219_500] * 3
        assert [len(y["could_have_contributed"]) for y in found["yards"]] == [4]
    assert one["entries"] is not None
    assert other["entries"] is None


# forward


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (("f-c1",), "certificate"),
        ((), "document"),
        (("株式会社笹平フォレスト",), "party"),
    ],
)
def test_where_it_went(run: Run, desk: Path, what: tuple[str, ...], kind: str) -> None:
    if kind == "document":
        document = answer(run, "back", "d-c1-1", "-w", desk)["hands"][0]["documents"][0]["id"]
        what = (document, "--kind", "document")
    found = answer(run, "forward", *what, "-w", desk)
    assert found["start"]["kind"] == kind
    assert sum(rest["grams"] for rest in found["rests"]) == found["grams"] > 0
    assert {rest["where"] for rest in found["rests"]} == {"plant", "stock"}
    assert {told["role"] for told in found["to_be_told"]} == {"producer", "processor", "plant"}


def test_by_accreditation_and_by_place(run: Run, desk: Path) -> None:
    hand = answer(run, "back", "d-c1-1", "-w", desk)["hands"][0]
    origin = answer(run, "back", "d-c1-1", "-w", desk)["origins"][0]
    shown = json.loads(run("show", hand["record"], "-w", desk, "--format", "json").stdout)
    number = shown["body"]["accreditation_number"]
    by_number = answer(run, "forward", number, "-w", desk)
    assert by_number["start"]["kind"] == "accreditation"
    assert hand["record"] in by_number["start"]["certificates"]
    by_place = answer(run, "forward", origin["places"][0], "--kind", "place", "-w", desk)
    assert hand["record"] in by_place["start"]["certificates"]


def two_holders() -> Casebook:
    """The model, and heiwa accredited by another body under otsu's number, which sold 5 t to the other plant."""
    book = casebooks.change_accreditation(casebooks.clean(), "heiwa", number="長木-034", body=casebooks.OTHER_BODY.id)
    sold = {"seller": "heiwa", "buyer": casebooks.OTHER_PLANT.id, "number": "平-1", "quantity": casebooks.tonnes(5)}
    return casebooks.copy(book, "p-1", "p-2", draws=(Draw("f-1", casebooks.m3(5)),), **sold)


@pytest.mark.parametrize("stored", [False, True])
def test_two_holders_of_one_number_are_told_apart(run: Run, write: Any, tmp_path: Path, stored: bool) -> None:
    where = ["--casebook", write(two_holders())]
    if stored:
        with init_workspace(tmp_path / "desk", (casebooks.BODY,), lambda: TODAY, password) as workspace:
            sign_casebook(workspace, two_holders())
        where = ["-w", tmp_path / "desk"]
    asked = ("forward", "長木-034", *where)
    several = run("trace", *asked, "--kind", "accreditation")
    assert several.exit_code == 2
    assert "2者が使っています: 平和林業株式会社 (heiwa)、乙チップ工業株式会社 (otsu)" in several.output
    assert "--holder" in several.output
    started = [answer(run, *asked, "--holder", name)["start"] for name in ("otsu", casebooks.OTSU.name, "heiwa")]
    assert {start["kind"] for start in started} == {"accreditation"}
    made = [start["certificates"] for start in started]
    assert made[0] == made[1] != made[2]
    assert [len(ids) for ids in made] == [1, 1, 1]
    if not stored:
        assert (made[0], made[2]) == (["p-1"], ["p-2"])
    changed = answer(run, "what-if", "長木-034", "--holder", "otsu", *where, code=1)["changed"]
    assert len(changed) == 1
    other = run("trace", *asked, "--holder", "kousei")
    assert "「kousei」のものではありません" in other.output
    assert "heiwa" in other.output
    wrong = run("trace", "forward", "otsu", "--kind", "party", "--holder", "otsu", *where)
    assert (wrong.exit_code, "--holder: 事業者には指定できません" in wrong.output) == (2, True)


@pytest.mark.parametrize("stored", [False, True])
def test_papers_of_one_number_are_told_apart(run: Run, write: Any, tmp_path: Path, stored: bool) -> None:
    """Numbers are each issuer's own, so that several papers of one are nothing unusual."""
    book = casebooks.copy(casebooks.clean(), "p-1", "p-2", number="甲-1")
    book = casebooks.change(book, "p-1", number="甲-1")
    where = ["--casebook", write(book)]
    if stored:
        with init_workspace(tmp_path / "desk", (casebooks.BODY,), lambda: TODAY, password) as workspace:
            sign_casebook(workspace, book)
        where = ["-w", tmp_path / "desk"]
    for command in ("back", "forward", "what-if"):
        refused = run("trace", command, "甲-1", *where)
        assert refused.exit_code == 2
        assert "2件あります" in refused.stderr
        listed = [line for line in refused.stderr.splitlines() if line.startswith("  ")]
        assert len(listed) == 2
        assert all("別記2-1  乙チップ工業株式会社 → 第八バイオマス発電所" in line for line in listed)
        assert all(run("trace", "forward", line.split()[-1], *where).exit_code == 0 for line in listed)


def test_a_party_that_sold_nothing(run: Run, desk: Path) -> None:
    told = answer(run, "forward", "f-c1", "-w", desk)["to_be_told"]
    shown = run("trace", "forward", next(t["party"] for t in told if t["role"] == "plant"), "-w", desk)
    assert "この先へ渡した証明書はありません" in shown.stdout
    assert "知らせる相手" not in shown.stdout


def test_what_it_starts_from_is_named(run: Run, desk: Path) -> None:
    origin = answer(run, "back", "d-c1-1", "-w", desk)["origins"][0]
    by_place = run("trace", "forward", origin["places"][0], "--kind", "place", "-w", desk).stdout
    assert f"    {origin['date']}  {origin['called']}  {origin['names']['seller']} → " in by_place
    by_id = run("trace", "forward", origin["record"], "-w", desk).stdout
    assert f"証明書: {origin['called']} {origin['names']['seller']} {origin['date']}" in by_id
    assert origin["record"] not in by_id


def test_the_hint_is_about_what_was_asked_for(run: Run, desk: Path) -> None:
    assert "事業者の名前を全部、またはIDで" in run("trace", "forward", "x", "--kind", "party", "-w", desk).stderr
    nowhere = run("trace", "forward", "長野県長野市大字甲字乙99999-9", "--kind", "place", "-w", desk).stderr
    assert "どの証明書の伐採場所にも当たりませんでした" in nowhere


def test_verdicts_on_what_it_went_into(run: Run, desk: Path) -> None:
    sound = run("trace", "forward", "f-c1", "--verdicts", "-w", desk)
    assert sound.exit_code == 0
    assert "着いた先のロットの判定" in sound.stdout
    assert run("trace", "forward", "f-h1", "--verdicts", "-w", desk).exit_code == 1


# what if


def test_what_if_it_is_false(run: Run, desk: Path) -> None:
    before = contents(desk)
    result = run("trace", "what-if", "f-c1", "-w", desk)
    assert result.exit_code == 1
    assert "虚偽だったとしたら: 先のロット 2 件のうち 2 件の判定が変わります" in result.stdout
    assert "間伐材等由来  ▲ 7,356 kg" in result.stdout
    assert "建設資材廃棄物  + 7,356 kg" in result.stdout
    general = run("trace", "what-if", "f-c1", "--as", "general", "-w", desk)
    assert "一般木質  + 7,356 kg" in general.stdout
    assert contents(desk) == before, "nothing is written"


def test_what_if_in_yen(run: Run) -> None:
    """With formula and inputs, beside what is overpaid anyway: d-c1-1 and d-c1-2 were in order, d-h1 was not."""
    terms = ("--approved", "2015", "--kw", "5000", "--kwh-per-t", "1100")
    asked = ("what-if", "f-c1", "--casebook", DEMO, *terms)
    yen = answer(run, *asked, code=1)["yen"]
    assert yen["plant"] == "plant-3"
    assert yen["as_it_stands"]["nothing_overpaid"] is True
    on_top = 7_356_200 * 1_100 * (32 - 13) / 1_000_000  # g × kWh/t × (thinned less construction waste)
    for way in ("by_tonnage", "all_or_nothing"):
        assert yen["on_top"][way]["low"] == yen["on_top"][way]["high"] == round(on_top)
    assert yen["not_in_on_top"] == []
    shown = run("trace", *asked)
    for words in (
        "設備認定: 2015年度",
        "出力: 5,000 kW",
        "C = Σ m × e × (p1 − p2)",
        "発電所の申告",
        f"{round(on_top):,}",
    ):
        assert words in shown.stdout, words
    assert "いま証明されているとおり" not in shown.stdout  # it is by what is supposed
    before = answer(run, "what-if", "f-h1", "--casebook", DEMO, *terms, code=1)["yen"]
    amounts = [before[when]["today"]["by_tonnage"]["yen"]["low"] for when in ("as_it_stands", "if_it_were_so")]
    assert before["on_top"]["by_tonnage"]["low"] == amounts[1] - amounts[0] > 0 < amounts[0]


def test_yen_of_what_is_only_certified_say_so(run: Run, write: Any) -> None:
    terms = ("--approved", "2015", "--kw", "5000")
    path = write(replace(casebooks.clean(), deliveries=()))
    yen = answer(run, "what-if", "f-1", "--casebook", path, *terms, code=1)["yen"]
    assert yen["priced_as_certified"] == ["p-1"]
    said = "証明書 1 件は、納入の記録によらず、証明書の数量がすべて納入されたものとした: 乙-1"
    assert said in run("trace", "what-if", "f-1", "--casebook", path, *terms).stdout
    path = write(casebooks.clean())
    assert answer(run, "what-if", "f-1", "--casebook", path, *terms, code=1)["yen"]["priced_as_certified"] == []
    assert "証明書の数量" not in run("trace", "what-if", "f-1", "--casebook", path, *terms).stdout


def test_yen_without_a_price_are_no_0(run: Run) -> None:
    asked = ("what-if", "f-c1", "--casebook", DEMO, "--approved", "2018", "--kw", "5000")
    yen = answer(run, *asked, code=1)["yen"]
    assert len(yen["not_in_on_top"]) == 2
    assert "on top         not priced" in run("trace", *asked, lang="en").stdout


def test_yen_are_of_one_plant(run: Run, write: Any) -> None:
    """Whose terms they are has to be said where the wood went to several."""
    book = casebooks.copy(casebooks.clean(), "p-1", "p-2", number="乙-2", buyer=casebooks.OTHER_PLANT.id)
    book = casebooks.copy(book, "d-1", "d-2", certificate="p-2", at=casebooks.OTHER_PLANT.id, time="11:00")
    asked = ("what-if", "f-1", "--casebook", write(book), "--approved", "2015", "--kw", "5000")
    several = run("trace", *asked)
    assert several.exit_code == 2
    assert "どの発電所か分かりません" in several.output
    for plant in (casebooks.OTHER_PLANT.id, casebooks.OTHER_PLANT.name):
        found = answer(run, *asked, "--plant", plant, code=1)
        assert [lot["id"] for lot in found["yen"]["if_it_were_so"]["lots"]] == ["d-2"]
        assert len(found["changed"]) == 2
    assert run("trace", *asked, "--plant", "otsu").exit_code == 2


def test_a_lot_that_is_open_changes_too(run: Run, write: Any) -> None:
    """It counts as construction waste either way; but what it would be if all passed is another class."""
    book = casebooks.change_accreditation(casebooks.clean(), "otsu", start=date(2010, 4, 1), until=None)
    path = write(book)
    found = answer(run, "what-if", "f-1", "--as", "general", "--casebook", path, code=1)
    (changed,) = found["changed"]
    assert [changed[when]["confirmed"] for when in ("before", "after")] == ["construction_waste"] * 2
    assert [changed[when]["if_passed"] for when in ("before", "after")] == ["thinned", "general"]
    shown = run("trace", "what-if", "f-1", "--as", "general", "--casebook", path).stdout
    assert "（未完、通れば 間伐材等由来） →" in shown
    assert "（未完、通れば 一般木質）" in shown


def test_what_if_nothing_would_change(run: Run, desk: Path) -> None:
    """The wood counts as general already."""
    result = run("trace", "what-if", "f-h1", "--as", "general", "-w", desk)
    assert result.exit_code == 0
    assert "1 件のうち 0 件の判定が変わります" in result.stdout


# supplements, replacements, and who has to be told


def _supplemented() -> Any:
    """f-1 came without place and document; a supplement brought them."""
    bare = casebooks.change(casebooks.clean(), "f-1", locations=(), documents=())
    later = {"number": "補足1", "date": date(2014, 7, 1), "documents": ("doc-1",), "locations": (casebooks.PLACE,)}
    book = casebooks.copy(bare, "f-1", "f-1s", **later)
    return casebooks.correct(book, "f-1", Action.SUPPLEMENT, date(2014, 7, 2), by="f-1s")


@pytest.mark.parametrize("what", ["f-1s", "doc-1", "kousei", "f-1"])
@pytest.mark.parametrize("in_ledger", [False, True])
def test_a_supplement_leads_to_the_wood_that_it_is_about(
    run: Run, write: Any, tmp_path: Path, what: str, in_ledger: bool
) -> None:
    """And brings none of its own, which would be counted twice."""
    source: tuple[object, ...] = ("--casebook", write(_supplemented()))
    if in_ledger:
        with init_workspace(tmp_path / "desk", (casebooks.BODY,), lambda: TODAY, password) as workspace:
            sign_casebook(workspace, _supplemented())
        source = ("-w", tmp_path / "desk")
    found = answer(run, "what-if", what, *source, code=1)
    assert found["trace"]["grams"] == sum(rest["grams"] for rest in found["trace"]["rests"]) == 45_454_545
    assert {rest["where"] for rest in found["trace"]["rests"]} == {"plant", "stock"}
    assert len(found["changed"]) == 1


def test_what_stands_in_place_of_a_replaced_certificate_is_named(run: Run, write: Any) -> None:
    book = casebooks.copy(casebooks.clean(), "f-1", "f-1b", number="第26-017号の2")
    book = casebooks.correct(book, "f-1", Action.REPLACE, date(2014, 6, 29), by="f-1b")
    path = write(casebooks.change(book, "p-1", draws=(Draw("f-1b", casebooks.m3(40)),)))
    (rest,) = answer(run, "forward", "f-1", "--casebook", path)["rests"]
    assert (rest["where"], rest["replaced_by"]) == ("withdrawn", "f-1b")
    said = run("trace", "forward", "f-1", "--casebook", path).stdout
    assert "第26-017号 は 第26-017号の2 に差替え" in said


def test_who_signed_for_a_seller_or_brought_it_is_told_too(run: Run, write: Any) -> None:
    book = casebooks.change(casebooks.clean(), "f-1", issuer_party=casebooks.OFFICE.id, accreditation_number=None)
    path = write(casebooks.change(book, "d-1", sender=casebooks.HEIWA.id))
    told = {t["party"] for t in answer(run, "forward", "f-1", "--casebook", path)["to_be_told"]}
    assert told == {"kousei", "office", "otsu", "heiwa", "plant-8"}


def test_a_lot_that_a_stranger_drew_on_is_still_looked_at(run: Run, write: Any) -> None:
    """No delivery is known of p-1, and all of it went into somebody else's certificate: its plant may have it."""
    book = casebooks.remove(casebooks.clean(), "d-1")
    drawn = (Draw("p-1", casebooks.tonnes(30)),)
    stranger = {"seller": "heiwa", "accreditation_number": "長木-056", "number": "平-1", "process": None}
    book = casebooks.copy(book, "p-1", "p-2", draws=drawn, buyer=casebooks.OTHER_PLANT.id, **stranger)
    found = answer(run, "what-if", "f-1", "--casebook", write(book), code=1)
    assert found["lots_looked_at"] == 2


def test_wood_without_any_certificate_is_said_to_be(run: Run, write: Any) -> None:
    path = write(casebooks.change(casebooks.clean(), "d-1", certificate=None))
    shown = run("trace", "back", "d-1", "--casebook", path).stdout
    assert "証明書なし" in shown
    assert "手元にない証明書" not in shown


def test_what_no_factor_converts_is_no_0(run: Run, write: Any) -> None:
    """Stacked m³ certified in the forest, or measured at the gate: neither weight nor yen."""
    book = casebooks.change(casebooks.clean(), "f-1", quantity=casebooks.m3(100, Unit.M3_STACKED))
    stacked = casebooks.change(book, "p-1", draws=(Draw("f-1", casebooks.tonnes(10)),))
    shown = run("trace", "forward", "f-1", "--casebook", write(stacked)).stdout
    assert "証明書 1 件、全乾 （重さ不明）" in shown
    assert " 0 kg" not in shown
    book = casebooks.change(casebooks.clean(), "d-1", quantity=casebooks.m3(30, Unit.M3_STACKED))
    at_gate = write(book)
    shown = run("trace", "what-if", "f-1", "--casebook", at_gate, "--approved", "2015", "--kw", "5000").stdout
    assert "2014-11 （重さ不明）" in shown
    assert "仮定のとおりなら  重さ不明" in shown
    assert "増える額          金額なし" in shown


# damaged ledgers


@pytest.fixture
def spoiled(desk: Path, tmp_path: Path) -> Callable[[str], Path]:
    """The ledger with the bytes of one record, by its name, overwritten."""

    def spoil(name: str) -> Path:
        position = next(p for p, e in enumerate(envelopes(desk)) if parse_record(e).subject == name)
        folder = Path(shutil.copytree(desk, tmp_path / "spoiled"))
        with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
            database.execute("UPDATE entry SET envelope = ? WHERE position = ?", (b"garbage", position))
            database.commit()
        return folder

    return spoil


def test_what_a_damaged_record_hides_is_told(run: Run, spoiled: Callable[[str], Path]) -> None:
    """The certificate on the document cannot be read, so that no lot seems to rest on it: that is no clean answer."""
    folder = spoiled("f-c1")
    result = run("trace", "what-if", "doc-c1", "-w", folder)
    assert result.exit_code == 1
    assert "台帳に問題があります" in result.stdout
    found = answer(run, "forward", "doc-c1", "-w", folder, code=1)
    assert [finding["code"] for finding in found["integrity"]] != []


@pytest.mark.parametrize("arguments", [("forward", "f-c1"), ("back", "f-c1")])
def test_what_is_not_found_in_a_damaged_ledger_may_be_there(
    run: Run, spoiled: Callable[[str], Path], arguments: tuple[str, ...]
) -> None:
    result = run("trace", *arguments, "-w", spoiled("f-c1"))
    assert result.exit_code == 2
    assert "台帳に壊れた記録があります" in result.output


def test_damage_in_a_yard_is_told(run: Run, spoiled: Callable[[str], Path]) -> None:
    """What lay there too: the lot does not rest on it."""
    result = run("trace", "back", "d-h1", "-w", spoiled("f-h4"))
    assert "台帳に問題があります" in result.stdout
    assert "残っていたもの 2 件" in result.stdout


# files, and what stops it


@pytest.mark.parametrize("command", ["back", "forward", "what-if"])
def test_pictures_and_tables(run: Run, desk: Path, tmp_path: Path, command: str) -> None:
    names = [tmp_path / f"out.{end}" for end in ("html", "svg", "pdf", "graphml", "csv", "json")]
    wanted = [word for name in names for word in ("--out", name)]
    what = "d-c1-1" if command == "back" else "f-c1"
    assert run("trace", command, what, "-w", desk, *wanted).exit_code in (0, 1)
    assert all(name.stat().st_size > 300 for name in names)
    assert "みどり沢チップ株式会社" in names[0].read_text(encoding="utf-8")
    again = run("trace", command, what, "-w", desk, *wanted)
    assert again.exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("back", "nothing"), "「nothing」に当たるものがありません"),
        (("forward", "nothing"), "「nothing」に当たるものがありません"),
        (("forward", "d-c1-1"), "「d-c1-1」は納入です。そこから先はありません"),
        (("forward", "長野県", "--kind", "place"), "「長野県」は地番も林班も示していません"),
        (("forward", "f-c1", "--kind", "party"), "「f-c1」に当たるものがありません（事業者）"),
        (("forward", "f-c1", "--out", "x.doc"), "どの形式で書くか分かりません"),
        (("what-if", "f-c1", "--since", "2014-01-01"), "--since: 証明書には指定できません"),
        (("what-if", "東木燃-061", "--as", "general"), "--as general: 認定には指定できません"),
        (("what-if", "010104", "--as", "general"), "--as general: 根拠書類には指定できません"),
        (("what-if", "f-c1", "--kw", "5000"), "--approved と --kw の両方が要ります"),
        (("what-if", "f-c1", "--plant", "plant-3"), "--plant は金額の発電所です"),
    ],
)
def test_what_cannot_be_answered(run: Run, desk: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run("trace", *arguments, "-w", desk)
    assert result.exit_code == 2
    assert said in result.output

"""``biotrace settings``: what a workspace's owner may choose."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.services.settings import choose, chosen
from biotrace.verify.profile import RINYA_2012

from .console import FINE, Console, answers
from .params import workspace_option

_LEAST = RINYA_2012.retention_years


@click.command()
@click.option(
    "--western/--era",
    "western",
    default=None,
    help="紙の日付を西暦で／元号で印字（初めは元号） / western or era dates on papers (eras at first)",
)
@click.option(
    "--retention-years",
    "years",
    type=click.IntRange(_LEAST, 100),
    default=None,
    help=f"書類を保存する年数（初めは{_LEAST}年、これより短くはできない） / years for which papers are kept",
)
@workspace_option
@answers()
def settings(console: Console, western: bool | None, years: int | None, folder: Path) -> int:
    """ワークスペースの設定を見る・変える / see or change what the workspace does.

    何も付けなければ、今の設定を示す。設定はワークスペースの biotrace.json にある。

    Without an option they are shown. They lie in the workspace's biotrace.json.
    """
    if western is not None or years is not None:
        choose(folder, western, years)
    now = chosen(folder, _LEAST)
    if console.json:
        console.data({"western_dates": now.western, "retention_years": now.years})
        return FINE
    dates = console.t("西暦", "western") if now.western else console.t("元号", "eras")
    console.say(console.t(f"紙の日付: {dates}", f"dates on papers: {dates}"))
    console.say(console.t(f"書類の保存: {now.years} 年", f"papers are kept for {now.years} years"))
    return FINE

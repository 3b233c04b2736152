"""The same letters written differently: width, kanji numerals, old forms of kanji, ケ and ヶ, dashes."""

from __future__ import annotations

import re
from functools import lru_cache

from biotrace.model.numerals import ascii_digits

_OLD_AND_NEW = (
    "澤沢 濱浜 邊辺 邉辺 嶋島 嶌島 龍竜 瀧滝 廣広 國国 櫻桜 榮栄 齋斎 齊斉 藏蔵 惠恵 檮梼 檜桧 萬万 壽寿 "
    "圓円 鹽塩 澁渋 條条 縣県 學学 眞真 槇槙 籠篭 藪薮 蘆芦 舘館 冨富 峯峰 嶽岳 髙高 﨑崎 栁柳 淺浅 豐豊 "
    "會会 當当 寶宝 應応 佛仏 黑黒 與与 實実 增増 關関 輕軽 鐵鉄 橫横 來来 靜静 內内 綠緑 狹狭 峽峡 繩縄 "
    "賴頼 瀨瀬 龜亀 鷗鴎 彌弥 氣気 燒焼 灣湾 蠶蚕 螢蛍 稻稲 隱隠 礪砺 頸頚 鰺鯵 祗祇 禮礼 假仮 戶戸 步歩 "
    "德徳 總総 繼継 臺台 舊旧 莊荘 藥薬 處処 號号 轉転 邨村 鄕郷 釡釜 ヶケ ヵカ ッツ"
)
_NEW = str.maketrans({pair[0]: pair[1] for pair in _OLD_AND_NEW.split()})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ーｰ_", "-") | {"〜": "~"})
_GA = re.compile("(?<=[一-龥々])[がガ](?=[一-龥])")
_NO = re.compile("(?<=[一-龥々0-9])[のノ之乃](?=[一-龥])")
_HIRAGANA = {kata: kata - 0x60 for kata in range(ord("ァ"), ord("ヶ") + 1)}
_KATAKANA = {hira: kata for kata, hira in _HIRAGANA.items()}


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """A place name for comparison: NFKC, no blanks, ASCII digits, one form of each letter. May be empty."""
    plain = ascii_digits("".join(text.split()).translate(_NEW)).translate(_NEW)
    return _NO.sub("ノ", _GA.sub("ケ", plain))


def number_key(text: str) -> str:
    """A text about numbers for comparison: NFKC, ASCII digits, one kind of dash and of ``~``. Blanks stay."""
    return ascii_digits(text).translate(_DASHES)


def hiragana(text: str) -> str:
    """``text`` with its katakana as hiragana."""
    return text.translate(_HIRAGANA)


@lru_cache(maxsize=4)
def katakana(text: str) -> str:
    """``text`` with its hiragana as katakana."""
    return text.translate(_KATAKANA)


_JOINERS = re.compile("番地の|番地|番の|番|之|の|ノ|号")


def dashed(text: str) -> str:
    """A number of any kind for comparison, its joiners as dashes: 二三六番地の２ → 236-2."""
    plain = _JOINERS.sub("-", "".join(number_key(text).split()))
    return re.sub("-+", "-", plain).strip("-")

"""A sentence in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Japanese and English."""

    ja: str
    en: str

    def get(self, lang: Lang) -> str:
        """The sentence in one language."""
        return self.ja if lang == "ja" else self.en

    def __add__(self, other: Text) -> Text:
        return Text(self.ja + other.ja, self.en + other.en)


def same(value: object) -> Text:
    """A value that reads the same in both languages, such as a number or a name."""
    return Text(str(value), str(value))


def join(parts: list[Text], ja: str = "、", en: str = ", ") -> Text:
    """Texts joined with each language's own separator."""
    return parts[0] if len(parts) == 1 else Text(ja.join([p.ja for p in parts]), en.join([p.en for p in parts]))

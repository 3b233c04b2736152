"""Every value of the model has a name in both languages."""

import importlib
import inspect
import pkgutil
from enum import StrEnum

import pytest

import biotrace.model
from biotrace.model.certificate import Form, Goods, Origin
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import form_name, label


def enums_of_the_model() -> list[type[StrEnum]]:
    found: set[type[StrEnum]] = set()
    for info in pkgutil.iter_modules(biotrace.model.__path__):
        module = importlib.import_module(f"biotrace.model.{info.name}")
        found |= {
            value
            for _, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, StrEnum) and value.__module__ == module.__name__
        }
    return sorted(found, key=lambda enum: enum.__name__)


@pytest.mark.parametrize("enum", enums_of_the_model(), ids=lambda enum: enum.__name__)
def test_every_value_has_a_name_in_both_languages(enum: type[StrEnum]) -> None:
    for value in enum:
        text = label(value)
        assert text.ja.strip(), value
        assert text.en.strip(), value


@pytest.mark.parametrize("enum", enums_of_the_model(), ids=lambda enum: enum.__name__)
def test_no_two_values_share_a_name(enum: type[StrEnum]) -> None:
    assert len({label(value).ja for value in enum}) == len(enum)
    assert len({label(value).en for value in enum}) == len(enum)


def test_values_that_compare_equal_keep_their_own_tables() -> None:
    same: tuple[StrEnum, StrEnum] = (Origin.BARK, Goods.BARK)
    assert same[0] == same[1]
    assert label(Origin.IMPORTED).ja == "輸入材"
    assert label(Goods.LOGS).ja == "原木"


def test_the_names_are_those_of_the_guideline() -> None:
    assert label(FuelClass.THINNED).ja == "間伐材等由来の木質バイオマス"
    assert label(Origin.PROTECTION_FOREST).ja == "保安林から出材された木材"
    assert label(Origin.MANAGEMENT_PLAN).ja == "森林経営計画対象森林から出材された木材"


def test_a_form_is_called_as_people_do_in_a_few_words() -> None:
    assert form_name(Form.F1_PRIVATE).ja == "別記1 例1"
    assert form_name(Form.F2_4).ja == "別記2-4"
    assert form_name(Form.F1_PRIVATE).en == "form 1 example 1"


def test_an_enum_from_elsewhere_has_no_name() -> None:
    class Colour(StrEnum):
        RED = "red"

    with pytest.raises(KeyError):
        label(Colour.RED)

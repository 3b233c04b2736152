"""The tables of codes and keys cover the model, and each number means one thing."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from types import ModuleType

import pytest

import biotrace.model
from biotrace.chain.codes import CODES, code_of, member_of
from biotrace.chain.fields import FIELDS, LENGTHS, NOT_IN_RECORDS, OWN_ID, RANGES, REFERENCES
from biotrace.chain.kinds import BODY_TYPE, KeyBinding, KeyEnd, KeyEndReason, RecordKind, TrustedBodies
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Form
from biotrace.model.text import Text


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(biotrace.model.__path__):
        yield importlib.import_module(f"biotrace.model.{info.name}")


def classes_of_the_model() -> set[type]:
    return {
        found
        for module in modules()
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
    }


def enums_of_the_model() -> list[type[StrEnum]]:
    return sorted((c for c in classes_of_the_model() if issubclass(c, StrEnum)), key=lambda c: c.__name__)


def values_of_the_model() -> set[type]:
    return {c for c in classes_of_the_model() if dataclasses.is_dataclass(c)} - {Casebook, Text}


def test_every_enum_of_the_model_has_codes() -> None:
    assert set(CODES) == {*enums_of_the_model(), KeyEndReason}


@pytest.mark.parametrize("words", CODES, ids=lambda words: words.__name__)
def test_every_member_has_a_code_of_its_own_and_none_is_0(words: type[StrEnum]) -> None:
    codes = [code_of(member) for member in words]
    assert len(set(codes)) == len(words)
    assert min(codes) >= 1
    assert [member_of(words, code) for code in codes] == list(words)


def test_unknown_codes_mean_nothing() -> None:
    assert member_of(Form, 0) is None
    assert member_of(Form, 99) is None


def test_every_value_of_the_model_has_keys_for_all_its_fields() -> None:
    assert set(FIELDS) == values_of_the_model() | {KeyBinding, KeyEnd, TrustedBodies}
    for cls, keys in FIELDS.items():
        names = {field.name for field in dataclasses.fields(cls)}
        elsewhere = NOT_IN_RECORDS.get(cls, frozenset())
        assert elsewhere < names, cls
        assert set(keys) == names - elsewhere - ({"id"} if cls in OWN_ID else set()), cls
        assert len(set(keys.values())) == len(keys), cls
        assert min(keys.values()) >= 1, cls


def test_references_lengths_and_ranges_speak_of_fields_that_exist() -> None:
    for cls, name in (*REFERENCES, *RANGES, *LENGTHS):
        assert name in FIELDS[cls]


def test_what_stands_in_other_records_can_be_left_unsaid() -> None:
    """A field that no body holds needs a default, or the value could not be read back."""
    for cls, names in NOT_IN_RECORDS.items():
        defaults = {field.name: field.default for field in dataclasses.fields(cls)}
        assert all(defaults[name] is not dataclasses.MISSING for name in names), cls


def test_every_kind_has_a_body_and_a_name_in_both_languages() -> None:
    assert set(BODY_TYPE) == set(RecordKind)
    assert len(set(BODY_TYPE.values())) == len(RecordKind)
    assert min(RecordKind) == 1
    for named in (RecordKind, KeyEndReason):
        labels = [member.label for member in named]
        assert all(label.ja and label.en for label in labels)
        assert len({label.ja for label in labels}) == len({label.en for label in labels}) == len(labels)


def test_the_numbers_of_the_kinds_do_not_move() -> None:
    assert [(kind.name, kind.value) for kind in RecordKind] == [
        ("PARTY", 1),
        ("KEY", 2),
        ("CERTIFICATE", 3),
        ("DOCUMENT", 4),
        ("DELIVERY", 5),
        ("CONCORDANCE", 6),
        ("CORRECTION", 7),
        ("SITE", 8),
        ("STOCK", 9),
        ("CONSUMPTION", 10),
        ("PLAN", 11),
        ("TRUSTED_BODIES", 12),
        ("ACCREDITATION", 13),
        ("RENEWAL_REQUEST", 14),
        ("REVOCATION", 15),
        ("INSPECTION", 16),
        ("KEY_END", 17),
        ("RETENTION_HOLD", 18),
        ("CHALLENGE", 19),
        ("ANSWER", 20),
        ("TOMBSTONE", 21),
    ]

"""YAML says what it shows: no silent conversions, no sharing, no way to exhaust the process."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FazhiError
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from core.rulebook.strict_yaml import MAX_BYTES, load_yaml

BASE = Path(__file__).parents[1] / "broken_rules" / "base"


def codes(text: str | bytes) -> list[str]:
    with pytest.raises(FazhiError) as caught:
        load_yaml(text, "x.yaml")
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(("written", "read"), [
    ("no", "no"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("~", "~"),
    ("0150", "0150"), ("12:30", "12:30"), ("1e5", "1e5"), ("0x1F", "0x1F"), ("1_000", "1_000"), (".5", ".5"),
    ("2026-01-01", "2026-01-01"), ("'7'", "7"), ('"true"', "true"),
    ("true", True), ("false", False), ("null", None), ("7", 7), ("-7", -7), ("0", 0),
])
def test_only_plain_words_are_converted(written: str, read: object) -> None:
    value = load_yaml(f"a: {written}\n", "x.yaml").root.plain()
    assert value == {"a": read}
    assert type(value["a"]) is type(read)  # type: ignore[index, call-overload]


def test_decimals_keep_their_digits() -> None:
    value = load_yaml("a: 1.10", "x.yaml").root.plain()
    assert isinstance(value, dict)
    assert str(value["a"]) == "1.10"
    assert isinstance(value["a"], Decimal)


def test_keys_are_text_even_where_they_look_like_numbers() -> None:
    assert load_yaml("150900: 1\ntrue: 2", "x.yaml").root.plain() == {"150900": 1, "true": 2}


def test_every_refusal_is_reported_not_only_the_first() -> None:
    assert codes("a: &x 1\nb: *x\nc: !!int 3\na: 4\n") == ["yaml-anchor", "yaml-alias", "yaml-tag", "yaml-repeated-key"]


def test_a_place_inside_a_text_is_found_behind_its_quote_and_in_its_block() -> None:
    file = load_yaml("a: c.x\nb: 'c.y'\nc: >-\n\n    c.z &&\n    c.w\nd: [c.v]\n", "x.yaml")
    places = [str(file.locate_text(path)) for path in (["a"], ["b"], ["c"], ["d", 0])]
    assert places == ["x.yaml:1:4 a", "x.yaml:2:5 b", "x.yaml:5:5 c", "x.yaml:7:5 d[1]"]


def test_a_missing_path_is_placed_at_what_surrounds_it() -> None:
    file = load_yaml("rules:\n  - id: a\n", "x.yaml")
    assert str(file.locate(["rules", 0, "title"])) == "x.yaml:2:5 rules[1].title"


def test_a_windows_file_with_a_byte_order_mark_is_read() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "x.yaml").root.plain() == {"a": 1, "b": 2}


def test_size_depth_and_number_of_values_are_bounded() -> None:
    assert codes("a: " + "x" * MAX_BYTES) == ["yaml-too-large"]
    assert codes("[" * 5_000) == ["yaml-too-deep"]
    assert codes("a: " + "{a: " * 100) == ["yaml-too-deep"]
    assert codes("[" + "1," * 300_000 + "]") == ["yaml-too-many-values"]


def test_a_billion_laughs_stay_unlaughed() -> None:
    levels = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert set(codes("\n".join(levels))) == {"yaml-anchor", "yaml-alias"}


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:：-?[]{}#&*!|>'\"%@` \n\t,，0.1\x00\u2028é中"), max_size=60))
def test_whatever_is_written_is_read_or_refused_with_words(text: str) -> None:
    try:
        load_yaml(text, "x.yaml")
    except FazhiError as error:
        for problem in error.problems:
            assert problem.at is not None
            assert problem.fix("zh")
            assert problem.fix("en")


PIECES = ["null", "true", "12", "-3", "1.5", "{}", "[]", "{a: 1}", "[a, b]", "$days", "p.x", "2026-13-01", "：", "&a",
          '"', "case_filed", "", "\n"]
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(BASE.glob("*.yaml"))}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_rulebook_is_refused_with_places_and_never_breaks_the_loader(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SOURCES)))
    tokens = SOURCES[name].replace(",", " ,").replace("}", " }").split(" ")
    place = data.draw(st.integers(0, len(tokens) - 1))
    tokens[place] = data.draw(st.sampled_from([*PIECES, *tokens[:40]]))
    damaged = SOURCES | {name: " ".join(tokens)}
    try:
        load_sources(Source(each, text.encode()) for each, text in damaged.items())
    except FazhiError as error:
        for problem in error.problems:
            assert problem.at is not None
            assert problem.at.line > 0
            assert problem.render("zh") != problem.render("en")

"""Unified social credit codes, GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.organs.uscc import ALPHABET, check_character, is_valid, normalise


@pytest.mark.parametrize("code", [
    "91110000600037341L", "91110108551385082Q", "91440300708461136T", "91330100799655058B"])
def test_published_codes_of_real_organisations_check(code):
    assert is_valid(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_misread_character_never_goes_unnoticed(body, place, other):
    code = body + check_character(body)
    assert is_valid(code)
    if body[place] != other:
        assert not is_valid(code[:place] + other + code[place + 1:])


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 15))
def test_two_swapped_neighbours_never_go_unnoticed(body, place):
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2:]
    assert swapped == code or not is_valid(swapped)


@pytest.mark.parametrize("code", ["", "91110000600037341", "91110000600037341I", "9111000060003734１L"])
def test_wrong_length_or_characters_are_refused(code):
    assert not is_valid(code)


def test_people_write_codes_in_groups_and_lower_case():
    assert is_valid(normalise(" 9111 0000-6000 3734 1l "))

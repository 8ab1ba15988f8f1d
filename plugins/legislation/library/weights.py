"""How much each feature of a hit counts; what the features say stands in ``scoring.py``.

The weights were learned, not chosen: from searches written down with the articles that officials expect, before the
search was asked (``tests/unit/laws_golden.tsv``, and of ``laws_blind.tsv`` the half marked ``dev``). For each search
the model says how likely each hit is the one expected (a softmax over its points); the weights make the expected ones
most likely, with a penalty of 0.02 on their squares, the golden list counting threefold, and no weight of a sign that
contradicts what its feature means. Five-fold cross-validation chose the penalty. The half marked ``held`` was never
learned from. Hundredths, rounded: whole numbers are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping

_OF_THE_ARTICLE: Mapping[str, int] = {
    "amendment": -116, "begin": 298, "cited": 16, "common": 180, "final": -176, "general": 81, "level_law": 58,
    "level_lower": -209, "level_regulation": -116, "liable": 13, "liable_unwanted": -14, "liable_wanted": 52,
    "near_40": 21, "opens": 71, "refers": 11, "way_split": -44, "way_terms": -71,
}
_OF_A_TERM: Mapping[str, int] = {
    "term_above_cover": 6, "term_begins": 11, "term_called": 42, "term_called_cover": 29, "term_called_so": 171,
    "term_calls": 456, "term_defines": 954, "term_dense": 4, "term_early": 100, "term_first": 93, "term_founds": 413,
    "term_heading_held": 70, "term_heading_share": 8, "term_heading_shared": 1, "term_leads_above": 46,
    "term_leads_cover": 7, "term_leads_held": 547, "term_leads_share": 64, "term_often": 13, "term_regime": 40,
    "term_soon": 106, "term_states": 644, "term_times": 8, "term_title_cover": 16, "term_title_share": 18,
    "term_title_shared": 7, "term_touched": 62,
}
_OF_WORDS_APART: Mapping[str, int] = {
    "words_called": 26, "words_called_cover": 45, "words_called_so": 146, "words_calls": 147, "words_defines": 91,
    "words_dense": 3, "words_early": 95, "words_founds": 34, "words_heading_share": 14, "words_leads_above": 8,
    "words_leads_cover": 3, "words_leads_held": 118, "words_leads_share": 25, "words_lists": 192, "words_missing": -5,
    "words_often": 15, "words_share": 8, "words_soon": 130, "words_times": 8, "words_title_cover": 20,
    "words_title_share": 36, "words_title_shared": 18, "words_together": 41, "words_touched": 43,
}

WEIGHTS: Mapping[str, int] = {**_OF_THE_ARTICLE, **_OF_A_TERM, **_OF_WORDS_APART}

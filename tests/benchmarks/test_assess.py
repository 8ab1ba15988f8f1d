"""The scores of all organs against what somebody who knows the scheme would write by hand in polars."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.bench import assess

pytestmark = pytest.mark.benchmark


def test_every_result_of_every_organ_takes_no_longer_than_twice_hand_written_polars(
        capsys: pytest.CaptureFixture[str]) -> None:
    for ratio in assess.measure(3):
        with capsys.disabled():
            print(f"\n{ratio.work}: {ratio.value:.2f} × {ratio.peer} ({ratio.ours:.3f} s, {ratio.theirs:.3f} s)")
        assert ratio.value >= (ratio.at_least or 0)


def test_the_scores_are_those_by_hand_to_the_rounding_of_weights() -> None:
    load = assess.make_load(300)
    assert np.abs(load.ours().score / 100 - load.by_hand().to_numpy()).max() < 0.6

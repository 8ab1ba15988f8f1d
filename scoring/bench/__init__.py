"""Measuring against peers: the same work in both shapes, side by side in one run, reported as ratios."""

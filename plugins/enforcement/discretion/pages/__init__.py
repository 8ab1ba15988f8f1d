"""Pages of discretion: the panel in the form of a step, the comparison of like cases."""

"""From checked files to the typed rulebook: names looked up, conditions compiled, sums verified."""

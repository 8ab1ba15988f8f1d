"""Bodies, powers, certificates and their changes from spreadsheets: all rows or none, every wrong cell named."""

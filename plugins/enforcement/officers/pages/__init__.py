"""Pages of the registers, and the public page of a badge."""

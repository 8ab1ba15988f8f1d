"""Legal questions of the public by the 36103 rule, the lawyers who answer, and the public service page."""

"""Citations: addresses of articles, a folder of statute texts, and whether rules cite what stands there."""

"""The major administrative decisions sub-platform (重大行政决策管理)."""

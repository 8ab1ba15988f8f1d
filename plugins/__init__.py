"""The sub-platforms that ship with the platform, one folder each."""

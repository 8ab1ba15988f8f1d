"""The demonstration region that all sub-platforms share: fictional places, organs and people, drawn from a seed."""

from web.demo.region import GOVERNMENT, JUSTICE, PASSWORD, TOP, DemoOrgan, DemoRegion, demo_region

__all__ = ["GOVERNMENT", "JUSTICE", "PASSWORD", "TOP", "DemoOrgan", "DemoRegion", "demo_region"]

"""Two patterns over the findings of the scoring kit, one counting the other's, and the procedure that records them."""

from pathlib import Path

PLATFORM = (Path(__file__).parents[1] / "rules" / "platform" / "supervision.yaml").read_text("utf-8")
PATTERNS = """
kind: patterns
patterns:
  - id: thrice
    title: {zh: 一年内三次, en: Three in a year}
    basis: [{law: 测试条例, article: "40"}]
    keyed_by: organ
    same: [rule]
    counts: {findings: {levels: [orange, red], within: {days: 365}}}
    when: k.count >= p.times
    params: {times: 3}
    level: red
    raises: {title: {zh: 屡次违反, en: Repeated}, remedy: {zh: 约谈, en: Talk}}
  - id: escalated
    title: {zh: 多项屡犯, en: Several repeats}
    basis: [{law: 测试条例, article: "41"}]
    keyed_by: organ
    counts: {findings: {patterns: [thrice], status: [confirmed, cured]}}
    when: k.rules >= 1 && k.count >= 2
    level: red
"""

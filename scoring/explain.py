"""Every point in words: a case's score, a node of it, or a rule, down to the records it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.cases.case import Case
from core.errors import fail
from core.language.rule_sentence import rule_sentence
from core.text import Text
from scoring.judgement import Judgement
from scoring.trace import FactValue, Status, TraceNode
from scoring.verdict import State
from scoring.verdict_trace import cited, trace_of

STATUS_WORDS: Mapping[str, Text] = {
    Status.SCORED: Text("已评分", {"en": "scored"}), Status.NOT_DUE: Text("未到评分时点", {"en": "not due yet"}),
    Status.NOT_APPLICABLE: Text("不适用", {"en": "not applicable"}),
    Status.UNSCORED: Text("暂不计分", {"en": "not scored"}), Status.PASSED: Text("符合", {"en": "met"}),
    Status.PARTIAL: Text("部分符合", {"en": "partly met"}), Status.FAILED: Text("不符合", {"en": "not met"}),
    Status.UNKNOWN: Text("无法判断", {"en": "cannot be assessed"}), Status.APPLIED: Text("已扣", {"en": "applied"}),
    Status.AT_RISK: Text("待认定", {"en": "undetermined"}),
    State.FULFILLED: Text("已履行", {"en": "fulfilled"}), State.VIOLATED: Text("违反", {"en": "violated"}),
    State.PENDING: Text("待履行", {"en": "pending"}), State.HOLDING: Text("保持中", {"en": "holding"}),
    State.VACUOUS: Text("未触发", {"en": "vacuous"}),
    State.NOT_ASSESSABLE: Text("无法判定", {"en": "not assessable"}),
    "found": Text("有记录", {"en": "recorded"}), "none": Text("无记录", {"en": "not recorded"}),
    "listed": Text("可解除", {"en": "would release it"})}
ROLE_WORDS: Mapping[str, Text] = {
    "activation": Text("触发步骤", {"en": "Activated by"}), "target": Text("对应步骤", {"en": "Other step"}),
    "condition": Text("条件", {"en": "Condition"}), "release": Text("解除步骤", {"en": "Released by"}),
    "cap": Text("封顶", {"en": "Cap"}), "deduction": Text("扣分", {"en": "Deduction"}),
    "veto": Text("一票否决", {"en": "Veto"})}


SCORE = Text("得分", {"en": "Score"})
PROVISIONAL = Text("（暂定）", {"en": " (provisional)"})
DUE = Text("已到评分时点的权重", {"en": "weight scored so far"})
ASKS = Text("要求", {"en": "Asks"})
BASIS = Text("依据", {"en": "Basis"})
RECORDS = Text("记录", {"en": "Records"})
IF_CONFIRMED = Text("如疑似问题全部确认", {"en": "If every open finding is confirmed"})
NOTHING_YET = Text("尚无可评分内容", {"en": "nothing is scored yet"})


def explain(judged: Judgement, about: str = "", language: str = "zh") -> list[str]:
    """The explanation of a case's score, of one node of it, or of one rule, as lines of text.

    Args:
        about: id of a node (``P2``, ``T07``, ``T07/period``) or of a rule, full or local; empty: the whole score.

    Raises:
        FazhiError: ``explain-unknown``: neither a node nor a rule of the case is called so.
    """
    if not about:
        return list(_score_lines(judged, language))
    for node in judged.scored.nodes if judged.scored else ():
        found = node.find(about)
        if found is not None:
            return list(trace_lines([found], judged.case, language))
    lines = list(_rule_lines(judged, about, language))
    if not lines:
        raise fail("explain-unknown", about=about, case=judged.case.head.id)
    return lines


def trace_lines(nodes: Sequence[TraceNode], case: Case | None, language: str, depth: int = 0) -> Iterator[str]:
    """A trace as indented lines: title, points, condition, facts with their records, notes, citations."""
    for node in nodes:
        indent = "  " * depth
        yield f"{indent}{_headline(node, language)}"
        if node.sentence:
            sentence = node.sentence.get(language, node.sentence["zh"])
            yield f"{indent}  {ASKS.to(language)}: {sentence}"
        for fact in node.facts:
            yield f"{indent}  · {_fact_line(fact, language)}"
        for note in node.notes:
            yield f"{indent}  – {note.text(language)}"
        if node.events and case is not None:
            yield f"{indent}  {RECORDS.to(language)}: {_records(node.events, case, language)}"
        if node.citations:
            yield f"{indent}  {BASIS.to(language)}: {cited(node.citations, language)}"
        yield from trace_lines(node.children, case, language, depth + 1)


def _score_lines(judged: Judgement, language: str) -> Iterator[str]:
    scored = judged.scored
    if scored is None or scored.score is None:
        yield f"{SCORE.to(language)}: {NOTHING_YET.to(language)}"
        return
    provisional = PROVISIONAL.to(language) if scored.provisional else ""
    yield f"{scored.scheme.title.to(language)}  {SCORE.to(language)}: {scored.score}{provisional}"
    yield f"{scored.earned} / {scored.due} ({DUE.to(language)})"
    yield from (note.text(language) for note in scored.notes)
    yield from trace_lines(scored.nodes, judged.case, language)
    if scored.at_risk_lines:
        yield f"{IF_CONFIRMED.to(language)}: -{scored.at_risk}"
        yield from trace_lines(scored.at_risk_lines, judged.case, language, 1)


def _rule_lines(judged: Judgement, about: str, language: str) -> Iterator[str]:
    for rule_id, versions in judged.rules.items():
        if about not in (rule_id, versions[-1].local_id, versions[-1].code):
            continue
        yield f"{versions[-1].title.to(language)} [{rule_id}]"
        verdicts = [verdict for verdict in judged.verdicts if verdict.rule == rule_id]
        if not verdicts:
            yield f"  {rule_sentence(versions[-1], judged.case.procedure, language)}"
            yield f"  {STATUS_WORDS[State.VACUOUS].to(language)}"
        for verdict in verdicts:
            yield from trace_lines([trace_of(judged, verdict)], judged.case, language, 1)


def _headline(node: TraceNode, language: str) -> str:
    status = STATUS_WORDS.get(node.status, Text(node.status)).to(language)
    role = ROLE_WORDS.get(node.kind)
    title = f"{role.to(language)}: {node.title.to(language)}" if role else node.title.to(language)
    if node.earned is not None:
        full = f"/{node.weight}" if node.weight is not None else ""
        return f"{_short(node.id)} {title}  {node.earned}{full}  {status}"
    return f"{_short(node.id)} {title}  {status}"


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _fact_line(fact: FactValue, language: str) -> str:
    return f"{fact.title.to(language)} = {fact.shown.to(language)}"


def _records(events: Sequence[str], case: Case, language: str) -> str:
    by_id = {item.id: step for step in case.steps for item in (step.event, step.root)}
    shown = []
    for event in events:
        step = by_id.get(event)
        declared = case.procedure.events.get(step.type) if step else None
        name = f"{declared.title.to(language)} {step.date}" if step and declared else event
        shown.append(f"{name} #{step.event.seq}" if step else name)
    return "；".join(shown) if language == "zh" else "; ".join(shown)

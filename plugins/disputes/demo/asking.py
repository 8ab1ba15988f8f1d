"""Legal questions of the demonstration: lawyers of three levels, questions of the last month with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from core.database import database
from core.instance import Instance
from core.organs.models import Region
from plugins.disputes.questions import desk
from plugins.disputes.questions.models import Lawyer, Push, Question, Said
from plugins.disputes.questions.routing import WANTED
from web.demo.words import person_name

QUESTIONS, DAYS, TOP = 60, 30, "990000"
LOCAL, REGIONAL, NATIONAL, ELSEWHERE = 4, 6, 8, "110100"
TEXTS = (
    ("labour", "干了三个月活，老板一直不发工资，也没签合同，怎么办？"),
    ("family", "离婚后孩子的抚养费对方不给，能申请执行吗？"),
    ("contract", "借出去的钱只有转账记录没有借条，能要回来吗？"),
    ("property", "楼上漏水泡坏了家具，物业和邻居都不管。"),
    ("land", "草场承包证上的界线和邻居家的重叠，找谁处理？"),
    ("traffic", "被电动车撞伤，对方没有保险，误工费怎么算？"),
    ("consumer", "网上买到假种子，商家已经关店了，能找平台赔吗？"),
    ("administrative", "对罚款决定不服，已经过了四十天，还能复议吗？"))
ANSWERS = ("可以。先把转账记录、聊天记录等证据保存好，再向有管辖权的机关提出。（演示内容）",
           "建议先协商，协商不成的可以申请人民调解；调解不成再起诉，注意时效。（演示内容）",
           "可以申请法律援助。请带上身份证明和有关材料到当地法律援助中心。（演示内容）")
FOLLOW_UP = "需要带哪些材料？"


def ask_and_answer(instance: Instance, rng: Random) -> str:
    """Enter lawyers and questions; a line to print. Nothing is entered twice."""
    cities = [row.code for row in Region.select().where(
        (Region.level == "league") & Region.code.startswith(TOP[:2])).order_by(Region.code)]
    if not cities or Lawyer.select().exists() or Question.select().exists():
        return ""
    with database.atomic():
        _lawyers(cities, rng)
        for n in range(QUESTIONS):
            begins = instance.now() - timedelta(minutes=rng.randint(30, DAYS * 1440))
            _question(instance, rng, cities[n % len(cities)], begins)
    return (f"法律咨询（演示）：律师 {Lawyer.select().count()}，咨询 {QUESTIONS}"
            f"（{Lawyer.select().count()} lawyers, {QUESTIONS} questions）")


def _lawyers(cities: Sequence[str], rng: Random) -> None:
    plan = [("local", city) for city in cities for _ in range(LOCAL)]
    plan += [("region", rng.choice(cities)) for _ in range(REGIONAL)] + [("national", ELSEWHERE)] * NATIONAL
    for n, (level, city) in enumerate(plan, 1):
        Lawyer.create(region=TOP, number=f"演示律{n:04d}", name=person_name(rng), firm="演示律师事务所", city=city,
                      level=level)


def _question(instance: Instance, rng: Random, city: str, begins: datetime) -> None:
    """One question, told in the order of its minutes."""
    def at(minute: float) -> Instance:
        return replace(instance, now=lambda: begins + timedelta(minutes=minute))

    field, text = rng.choice(TEXTS)
    case = desk.ask(at(0), city, field, text).case
    minutes = desk.minutes_of(instance, city)
    slow = rng.random() < 0.25
    waits = sorted(rng.uniform(1, 11) if slow else rng.uniform(0.5, 5.5) for _ in range(WANTED))
    for minute, step in sorted([(wait, "answer") for wait in waits]
                               + [(float(minutes.region), "route"), (float(minutes.national), "route")]):
        if step == "route":
            desk.route(at(minute), case)
            continue
        lawyer = rng.choice(_still_silent(case))
        desk.answer(at(minute), case, lawyer, rng.choice(ANSWERS))
    if rng.random() < 0.3:
        desk.follow_up(at(waits[-1] + 4), case, FOLLOW_UP)
    if rng.random() < 0.7:
        desk.rate(at(waits[-1] + 12), case, rng.choices((5, 4, 3, 2), (10, 6, 2, 1))[0])


def _still_silent(case: str) -> list[Lawyer]:
    said = Said.select(Said.lawyer).where(Said.question == case)
    sent = Push.select(Push.lawyer).where(Push.question == case)
    return list(Lawyer.select().where(Lawyer.id.in_(sent) & Lawyer.id.not_in(said)).order_by(Lawyer.id))

"""A small folder of statutes, excerpts with their real numbers, and one file of each kind that is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.database import database
from core.materials.store import MaterialStore
from plugins.legislation.library.importing import ImportReport, import_folder
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.search import search

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)

PENALTY = """# 中华人民共和国行政处罚法

1996年3月17日 第八届全国人民代表大会第四次会议通过

2021年1月22日 第十三届全国人民代表大会常务委员会第二十五次会议修订

<!-- INFO END -->

## 第一章 总则

第一条 为了规范行政处罚的设定和实施，保障和监督行政机关有效实施行政管理，根据宪法，制定本法。

第二条 行政处罚是指行政机关依法对违反行政管理秩序的公民、法人或者其他组织，以减损权益或者增加义务的方式予以惩戒的行为。

## 第四章 行政处罚的管辖和适用

第三十三条 违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚。初次违法且危害后果轻微并及时改正的，可以不予行政处罚。

当事人有证据足以证明没有主观过错的，不予行政处罚。法律、行政法规另有规定的，从其规定。

## 第五章 行政处罚的决定

### 第三节 普通程序

第五十八条 有下列情形之一，在行政机关负责人作出行政处罚的决定之前，应当由从事行政处罚决定法制审核的人员进行法制审核；未经法制审核或者审核未通过的，不得作出决定：

（一）涉及重大公共利益的；

（二）直接关系当事人或者第三人重大权益，经过听证程序的。

### 第四节 听证程序

第六十三条 行政机关拟作出下列行政处罚决定，应当告知当事人有要求听证的权利，当事人要求听证的，行政机关应当组织听证：

（一）较大数额罚款；

（二）责令停产停业、责令关闭、限制从业。

第六十四条 听证应当依照以下程序组织：

（一）当事人要求听证的，应当在行政机关告知后五日内提出；

（二）行政机关应当在举行听证的七日前，通知当事人及有关人员听证的时间、地点。

第八十六条 本法自2021年7月15日起施行。
"""

RECONSIDERATION_OLD = """# 中华人民共和国行政复议法

1999年4月29日 第九届全国人民代表大会常务委员会第九次会议通过

2017年9月1日 第十二届全国人民代表大会常务委员会第二十九次会议修正

<!-- INFO END -->

## 第一章 总则

第二条 公民、法人或者其他组织认为具体行政行为侵犯其合法权益，向行政机关提出行政复议申请，适用本法。

## 第三章 行政复议申请

第九条 公民、法人或者其他组织认为具体行政行为侵犯其合法权益的，可以自知道该具体行政行为之日起六十日内提出行政复议申请；但是法律规定的申请期限超过六十日的除外。

第四十三条 本法自1999年10月1日起施行。
"""

RECONSIDERATION = """# 中华人民共和国行政复议法

1999年4月29日 第九届全国人民代表大会常务委员会第九次会议通过

2023年9月1日 第十四届全国人民代表大会常务委员会第五次会议修订

<!-- INFO END -->

## 第一章 总则

第二条 公民、法人或者其他组织认为行政机关的行政行为侵犯其合法权益，向行政复议机关提出行政复议申请，适用本法。

第九条 对在行政复议工作中做出显著成绩的单位和个人，按照国家有关规定给予表彰和奖励。

## 第二章 行政复议申请

第二十条 公民、法人或者其他组织认为行政行为侵犯其合法权益的，可以自知道或者应当知道该行政行为之日起六十日内提出行政复议申请；但是法律规定的申请期限超过六十日的除外。

第九十条 本法自2024年1月1日起施行。
"""

TAX_OLD = """# 中华人民共和国资源税暂行条例

1993年12月25日 中华人民共和国国务院令第139号发布

2011年9月30日 中华人民共和国国务院令第605号修订

<!-- INFO END -->

第一条 在中华人民共和国领域及管辖海域开采本条例规定的矿产品或者生产盐的单位和个人，为资源税的纳税人。

附：

资源税税目税率表

税目　税率
"""

TAX = """# 中华人民共和国资源税法

2019年8月26日 第十三届全国人民代表大会常务委员会第十二次会议通过

<!-- INFO END -->

第一条 在中华人民共和国领域和中华人民共和国管辖的其他海域开发应税资源的单位和个人，为资源税的纳税人，应当依照本法规定缴纳资源税。

第十七条 本法自2020年9月1日起施行。1993年12月25日国务院发布的《中华人民共和国资源税暂行条例》同时废止。
"""

AMENDMENT = """# 中华人民共和国刑法修正案（十二）

2023年12月29日 第十四届全国人民代表大会常务委员会第七次会议通过

<!-- INFO END -->

一、在刑法第一百六十五条中增加一款作为第二款。

二、在刑法第一百六十六条中增加一款作为第二款。

三、本修正案自2024年3月1日起施行。
"""

CONSTITUTION = """# 中华人民共和国宪法

2018年3月11日 第十三届全国人民代表大会第一次会议通过的《中华人民共和国宪法修正案》

<!-- INFO END -->

## 序言

中国是世界上历史最悠久的国家之一。

## 第一章 总纲

第五条 中华人民共和国实行依法治国，建设社会主义法治国家。
"""

STREET = """# 城市道路管理办法

2010年5月4日 某某部令第3号公布

<!-- INFO END -->

第一条 对占用道路的，处200元以上二千元以下罚款；违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚。

第二条 本办法自公布之日起施行。
"""

FILES = {
    "行政法/行政处罚法(2021-01-22).md": PENALTY,
    "行政法/行政复议法(2017-09-01).md": RECONSIDERATION_OLD,
    "行政法/行政复议法(2023-09-01).md": RECONSIDERATION,
    "行政法规/资源税暂行条例(2011-09-30).md": TAX_OLD,
    "经济法/资源税法(2019-08-26).md": TAX,
    "刑法/刑法修正案（十二）(2023-12-29).md": AMENDMENT,
    "宪法/宪法.md": CONSTITUTION,
    "部门规章/城市道路管理办法(2010-05-04).md": STREET,
    "社会法/资源税法(2019-08-26).md": TAX,
    "行政法规/空白条例(2020-01-01).md": "# 空白条例\n\n<!-- INFO END -->\n",
    "行政法规/错日条例(2020-02-30).md": "# 错日条例\n\n<!-- INFO END -->\n\n第一条 内容。\n",
}


def write_laws(folder: Path) -> Path:
    """The files in a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def load_laws(home: Path) -> ImportReport:
    """Import the small folder; the database is connected and has its tables."""
    with database.connection_context():
        return import_folder(write_laws(home / "laws"), MaterialStore(home / "materials"), NOW)


def named(article: int) -> tuple[str, str, str]:
    """Law, edition and label of an article."""
    row = Article.select(Article, Edition, Law).join(Edition).join(Law).where(Article.id == article).get()
    return row.edition.law.key, row.edition.slug, row.label


def found(query: str) -> list[tuple[str, str, str]]:
    """What a search finds, best first."""
    return [named(article) for article in search(query).articles]

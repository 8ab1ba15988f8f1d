"""Small statutes and small rule files for the tests of citations."""

from __future__ import annotations

from pathlib import Path

from core.citations.check import CitationReport, check_citations
from core.citations.corpus import Corpus, open_corpus
from core.rulebook.load import load_rules

LAW_2017 = """# 中华人民共和国样本法

2009年3月1日 第十一届全国人民代表大会常务委员会第八次会议通过

2017年9月1日 第十二届全国人民代表大会常务委员会第二十九次会议修正

<!-- INFO END -->

## 第一章 总则

第一条 为了规范样本，制定本法。

第二条 本法所称样本包括：

(一)行政样本；

（二）其他样本：

1.甲类；

2.乙类。

样本的范围由国务院公布。

## 第二章 程序

### 第一节 期限

第三条 公开征求意见的期限一般不少于30日；因情况紧急等原因需要缩短期限的，应当予以说明。

听证会材料应当于7日前送达。

第三条之一 期限的最后一日是法定休假日的，顺延。

第四条 本法自2010年1月1日起施行。
"""

LAW_2023 = """# 中华人民共和国样本法

2009年3月1日 第十一届全国人民代表大会常务委员会第八次会议通过

2017年9月1日 第十二届全国人民代表大会常务委员会第二十九次会议修正

2023年9月1日 第十四届全国人民代表大会常务委员会第五次会议修订

<!-- INFO END -->

第一条 为了规范样本，制定本法。

第二条 样本工作坚持公开。

第三条 本法所称样本由国务院公布。

第四条 公开征求意见的期限一般不少于20日；因情况紧急等原因需要缩短期限的，应当予以说明。

第五条 本法自2024年1月1日起施行。
"""

PROCEDURE = """kind: procedure
id: demo
title: 样本程序
basis:
{basis}
opens_with: [opened]
closes_with: [closed]
{more}stages:
  - {{id: all, title: 全部, events: [opened, closed]}}
events:
  opened: {{title: 开始, by: [case_handler]}}
  closed: {{title: 结束, by: [case_handler]}}
"""


def corpus(folder: Path, **texts: str) -> Corpus:
    """A corpus of these files, by the file's name without its ending."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return open_corpus(folder)


def two_editions(folder: Path) -> Corpus:
    """The sample law as amended in 2017 and as revised in 2023."""
    return corpus(folder, **{"样本法(2017-09-01)": LAW_2017, "样本法(2023-09-01)": LAW_2023})


def one_edition(folder: Path) -> Corpus:
    """The sample law as amended in 2017 alone."""
    return corpus(folder, **{"样本法(2017-09-01)": LAW_2017})


def check(texts: Corpus, folder: Path, *citations: str, more: str = "") -> CitationReport:
    """Check citations that are written, as YAML, under the ``basis`` of a procedure; the first is on line 5."""
    folder.mkdir(parents=True, exist_ok=True)
    basis = "\n".join(f"  - {{{citation}}}" for citation in citations)
    (folder / "procedure.yaml").write_text(PROCEDURE.format(basis=basis, more=more), encoding="utf-8")
    return check_citations(load_rules([folder]), texts)

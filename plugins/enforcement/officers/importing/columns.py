"""Columns of the imports of the registers."""

from __future__ import annotations

from core.organs.importing.columns import FULL_NAME, Column
from core.text import Text
from plugins.enforcement.officers.vocabulary import (
    ACT_TITLES,
    CERTIFICATE_TITLES,
    CHANGE_TITLES,
    QUALIFICATION_TITLES,
    ChangeKind,
)

DAY = Text("如 2026-01-01", {"en": "such as 2026-01-01"})
OPEN_END = Text("不填为长期有效", {"en": "default: without end"})
CHANGES = {kind.value: CHANGE_TITLES[kind] for kind in (
    ChangeKind.CANCELLED, ChangeKind.SUSPENDED, ChangeKind.RESTORED, ChangeKind.RENEWED, ChangeKind.REPLACED)}

ORGAN = Column("organ", Text("执法主体", {"en": "body"}), ("机构", "机构名称", "单位", "所属单位", "所属机构"), True,
               help=FULL_NAME, example="演示旗市场监督管理局")

BODY_COLUMNS = (
    ORGAN,
    Column("qualification", Text("主体类别", {"en": "qualification"}), ("类别", "资格"), True, QUALIFICATION_TITLES,
           example="法定行政机关"),
    Column("entrusted_by", Text("委托机关", {"en": "entrusted by"}),
           help=Text("受委托组织必填，代码或全称", {"en": "needed for entrusted organisations: code or full name"})),
    Column("basis", Text("法律依据", {"en": "basis"}), ("依据",),
           help=Text("授权或者委托的法律、法规、规章", {"en": "statute that authorises or allows to entrust"})),
    Column("document", Text("确认文号", {"en": "document"}), ("公告文号", "委托书文号", "文号"), True,
           help=Text("主体资格公告或者委托书的文号", {"en": "number of the announcement or the deed"}),
           example="演示政告〔2026〕1号"),
    Column("valid_from", Text("生效日期", {"en": "valid from"}), ("开始日期",), True, help=DAY, example="2026-01-01"),
    Column("valid_until", Text("截止日期", {"en": "valid until"}), ("有效期至",), help=OPEN_END),
)

POWER_COLUMNS = (
    ORGAN,
    Column("code", Text("事项编码", {"en": "code"}), ("编码", "事项代码"), True, example="CF-0001"),
    Column("act", Text("权力类别", {"en": "kind of act"}), ("职权类型",), True, ACT_TITLES, example="行政处罚"),
    Column("title", Text("事项名称", {"en": "item"}), ("事项", "职权名称"), True, example="对无证经营的处罚"),
    Column("law", Text("依据名称", {"en": "law"}), ("法律依据", "依据"), True, example="食品安全法"),
    Column("article", Text("依据条款", {"en": "article"}), ("条款",), example="122(1)"),
    Column("valid_from", Text("生效日期", {"en": "valid from"}), help=DAY),
    Column("valid_until", Text("截止日期", {"en": "valid until"}), help=OPEN_END),
)

CERTIFICATE_COLUMNS = (
    Column("number", Text("证件编号", {"en": "number"}), ("执法证号", "证号", "执法证件编号"), True,
           help=Text("4 到 32 位数字、字母、-", {"en": "4 to 32 digits, letters, -"}), example="99010100001"),
    Column("name", Text("姓名", {"en": "name"}), ("持证人",), True, example="演示甲"),
    ORGAN,
    Column("kind", Text("证件种类", {"en": "kind"}), ("种类",), choices=CERTIFICATE_TITLES,
           help=Text("不填为行政执法证", {"en": "default: enforcement certificate"})),
    Column("categories", Text("执法类别", {"en": "categories"}), ("执法领域", "执法范围"),
           help=Text("几类用“、”隔开", {"en": "several are separated by 、"}), example="市场监管"),
    Column("issuer", Text("发证机关", {"en": "issuer"}), required=True, example="演示自治区人民政府"),
    Column("issued", Text("发证日期", {"en": "issued"}), ("核发日期",), True, help=DAY, example="2024-05-06"),
    Column("valid_until", Text("有效期至", {"en": "valid until"}), ("截止日期", "有效期"), True, help=DAY,
           example="2030-05-05"),
    Column("account", Text("平台账号", {"en": "account"}), ("账号", "用户名"),
           help=Text("有平台账号的填写", {"en": "where the holder has an account"})),
)

CHANGE_COLUMNS = (
    Column("number", Text("证件编号", {"en": "number"}), ("执法证号", "证号", "执法证件编号"), True,
           example="99010100001"),
    Column("kind", Text("变动", {"en": "change"}), ("办理事项",), choices=CHANGES,
           help=Text("不填为注销", {"en": "default: cancelled"})),
    Column("reason", Text("理由", {"en": "reason"}), ("原因", "注销原因", "注销理由"), True, example="调离执法岗位"),
    Column("document", Text("文号", {"en": "document"}), ("依据文号", "文件")),
    Column("on", Text("日期", {"en": "day"}), ("变动日期", "注销日期"),
           help=Text("不填为今天", {"en": "default: today"})),
    Column("valid_until", Text("换发后有效期至", {"en": "renewed until"}),
           help=Text("换发的填写", {"en": "for renewals"})),
)

"""What goes over the wire: requests that allow nothing unknown, and answers without personal values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LIST_SIZE = 100


class Sent(BaseModel):
    """A request's part: unknown names and values of another type are refused."""

    model_config = ConfigDict(strict=True, extra="forbid")


class MaterialSent(Sent):
    """A file of a step, uploaded before."""

    requirement: str = Field(description="材料代码，见程序的步骤说明")
    token: str = Field(description="上传材料时返回的凭据")


class StepSent(Sent):
    """A step to be recorded."""

    type: str = Field(description="步骤代码")
    occurred_at: str = Field(description="发生时间：日期 2026-03-02，或者带时区的时刻 2026-03-02T10:30:00+08:00")
    fields: dict[str, Any] = Field({}, description="填写项：代码到值；日期写文字，小数写文字或者数字")
    materials: list[MaterialSent] = Field([], description="材料", max_length=200)
    expected_seq: int | None = Field(None, ge=0, description="事项在记录之前的存证序号；之后有人记录过则拒绝")
    corrects: str | None = Field(None, description="更正哪一条记录")
    void: bool = Field(False, description="与 corrects 同用：该记录没有发生")
    reason: str = Field("", max_length=2000, description="更正理由")


class CaseSent(Sent):
    """A case to be opened with its first step."""

    procedure: str = Field(description="程序代码")
    title: str = Field(min_length=1, max_length=200, description="事项名称")
    number: str = Field("", max_length=128, description="编号；不填由平台编")
    step: StepSent = Field(description="立案（启动）步骤")


class Listing(BaseModel):
    """What a list may be asked."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, ge=1, le=100_000, description="页码")
    size: int = Field(20, ge=1, le=LIST_SIZE, description="每页条数")


class CaseListing(Listing):
    """Which cases."""

    procedure: str = Field("", description="程序代码")
    status: Literal["", "open", "closed"] = Field("", description="open 办理中，closed 已办结")


class FindingListing(Listing):
    """Which findings."""

    raised_since: datetime | None = Field(None, description="在此之后提示的（带时区）")
    status: str = Field("", description="raised、answered、confirmed、dismissed、cured")


class FileName(BaseModel):
    """What the file is called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=255, description="文件名，含扩展名")


class MaterialMade(BaseModel):
    """A stored file."""

    sha256: str
    size: int
    media_type: str
    name: str
    token: str = Field(description="在步骤里引用此材料；只对上传它的系统有效")


class MaterialShown(BaseModel):
    """A file that a step names."""

    requirement: str
    sha256: str
    name: str
    size: int


class StepShown(BaseModel):
    """A recorded step."""

    id: str
    seq: int
    type: str
    title: str
    occurred_at: datetime
    recorded_at: datetime
    organ: str
    fields: dict[str, Any]
    withheld: list[str] = Field(description="个人信息，接口不给出其值")
    materials: list[MaterialShown]
    corrects: str | None
    void: bool
    hash: str


class FindingShown(BaseModel):
    """A finding as it stands."""

    id: str
    case: str
    rule: str
    title: str
    level: str
    status: str
    raised_at: datetime
    due: datetime | None


class DutyShown(BaseModel):
    """Something still to be done."""

    rule: str
    title: str
    due: date | None
    overdue: bool
    provisional: bool


class CaseShown(BaseModel):
    """A case without its steps."""

    id: str
    procedure: str
    number: str
    title: str
    organ: str
    region: str
    stage: str
    opened_at: datetime
    closed_at: datetime | None
    last_seq: int
    score: Decimal | None


class CasePage(BaseModel):
    """A page of cases."""

    total: int
    page: int
    items: list[CaseShown]


class FindingPage(BaseModel):
    """A page of findings."""

    total: int
    page: int
    items: list[FindingShown]


class CaseWhole(BaseModel):
    """A case with what was recorded, what is due and what was found."""

    case: CaseShown
    steps: list[StepShown]
    duties: list[DutyShown]
    findings: list[FindingShown]


class RecordedShown(BaseModel):
    """What one request recorded, and how the case stands after it."""

    case: CaseShown
    step: StepShown
    duties: list[DutyShown]
    findings: list[FindingShown]
    repeated: bool = Field(description="同一请求此前已经记录，这次没有再记")


class FieldShown(BaseModel):
    """A field of a step."""

    title: str
    type: str
    required: bool
    unit: str | None = None
    values: dict[str, str] = {}
    personal: bool = False


class RequirementShown(BaseModel):
    """A material of a step."""

    id: str
    title: str
    required: bool


class StepKind(BaseModel):
    """A step of a procedure."""

    id: str
    title: str
    opens: bool
    recordable: bool = Field(description="本凭证的岗位可以记录")
    precision: str
    fields: dict[str, FieldShown]
    materials: list[RequirementShown]


class ProcedureShown(BaseModel):
    """A procedure as a caller needs it."""

    id: str
    title: str
    steps: list[StepKind]


class ProcedureLine(BaseModel):
    """A procedure by its name."""

    id: str
    title: str


class WhoAmI(BaseModel):
    """The account of the key."""

    account: str
    name: str
    organ: str
    region: str
    procedures: list[ProcedureLine]

"""The field page on a phone with a simulated camera: whole cases, no network, damage, answers that were lost."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from waitress.server import create_server

from core.database import database
from core.instance import Instance
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from tests.field_kit import LEAD, SECOND, make_field_instance
from tests.instance_kit import PASSWORD
from web.app import create_app

pytestmark = pytest.mark.browser
DOCUMENT = {"violated_text": "《城市市容和环境卫生管理条例》第十四条", "pay_way": "电子支付系统",
            "penalty_basis": "《城市市容和环境卫生管理条例》第三十六条", "court_name": "上坪县人民法院",
            "review_organ": "上坪县人民政府"}
FAKE_CAMERA = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@dataclass(frozen=True)
class Site:
    """A running server and its instance."""

    instance: Instance
    address: str

    def steps(self) -> list[str]:
        """Types of all steps of the newest case, in the order in which they were recorded."""
        with database.connection_context():
            row = CaseRow.select().where(CaseRow.procedure == "enforcement.penalty_summary").order_by(
                CaseRow.opened_at.desc()).first()
            return [event.type for event in events_of(row.id) if not event.is_platform] if row else []

    def materials(self) -> list[tuple[str, int]]:
        """Requirement and size of every material of the newest case; each file is intact in the store."""
        with database.connection_context():
            row = CaseRow.select().where(CaseRow.procedure == "enforcement.penalty_summary").order_by(
                CaseRow.opened_at.desc()).get()
            found = [one for event in events_of(row.id) for one in event.materials]
        assert all(self.instance.materials.intact(one.sha256) for one in found)
        return [(one.requirement, one.size) for one in found]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    instance = make_field_instance(tmp_path_factory.mktemp("field"))
    server = create_server(create_app(instance, RATELIMIT_ENABLED=False), host="127.0.0.1", port=0, threads=6)
    threading.Thread(target=server.run, daemon=True).start()
    yield Site(instance, f"http://127.0.0.1:{server.effective_port}")
    server.close()


@pytest.fixture(scope="module")
def camera(chromium: Browser) -> Iterator[Browser]:
    """A browser of its own, whose camera and microphone are simulated."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    browser = chromium.browser_type.launch(executable_path=program, args=FAKE_CAMERA)
    yield browser
    browser.close()


Phone = Callable[[], Page]


@pytest.fixture
def phone(site: Site, camera: Browser) -> Iterator[Phone]:
    """A phone on which the lead officer has logged in; the console stays silent, network failures apart."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def log_in() -> Page:
        context = camera.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True,
                                     permissions=["camera", "microphone"])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error"
                and "Failed to load resource" not in message.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site.address}/login?next=/field/")
        page.get_by_label("用户名").fill("lead")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("现场执法")
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert not complaints, complaints


def begin(page: Page, title: str) -> None:
    """The first step of a penalty on the spot."""
    page.get_by_role("button", name="行政处罚（简易程序）", exact=True).click()
    page.get_by_label("案件名称").fill(title)
    page.locator("#field\\.suspected_act").fill("占道经营")
    choose(page, "party_kind", "公民")
    page.locator("#field\\.party_name").fill("王小明")
    page.locator("#field\\.act_place").fill("东河街")
    expect(page.locator("#field\\.lead_officer")).to_have_value(LEAD)
    page.locator("#field\\.second_officer").fill(SECOND)
    page.locator("#field\\.officers_present").fill("2")
    save(page)


def choose(page: Page, field: str, *answers: str) -> None:
    for answer in answers:
        page.locator(f'[data-field="{field}"]').get_by_text(answer, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="记录这一步").click()


def following(page: Page, count: int) -> None:
    """Waits until so many steps are recorded and opens the next one."""
    expect(page.locator("#steps li")).to_have_count(count)
    page.locator("#next-step").click()


def sign(page: Page, material: str) -> None:
    page.locator(f'[data-material="{material}"] [data-do=sign]').click()
    pad = page.locator("canvas.pad").bounding_box()
    assert pad is not None
    page.mouse.move(pad["x"] + 40, pad["y"] + 60)
    page.mouse.down()
    for move in range(15):
        page.mouse.move(pad["x"] + 40 + move * 12, pad["y"] + 60 + move % 4 * 25)
    page.mouse.up()
    page.get_by_role("button", name="完成签名").click()


def take_photo(page: Page, material: str) -> None:
    page.locator(f'[data-material="{material}"] [data-do=photo]').click()
    page.get_by_role("dialog").get_by_role("button", name="拍照").click()


def sent(page: Page) -> None:
    expect(page.locator("#outbox-link")).to_have_text("已全部上传", timeout=15_000)


def test_a_whole_penalty_on_the_spot_is_made_from_the_phone(phone: Phone, site: Site) -> None:
    page = phone()
    begin(page, "东河街占道经营")
    following(page, 1)
    expect(page.locator("#prompt")).to_contain_text("主动出示执法证件")
    page.locator("[data-show=badge]").click()
    expect(page.get_by_role("img", name="扫码核验真伪")).to_be_visible()
    page.get_by_role("button", name="收起").click()
    page.get_by_role("button", name="开始全程录像").click()
    expect(page.locator("#recording")).to_contain_text("正在录像")
    choose(page, "uniform_worn", "是")
    choose(page, "recorder_on", "是")
    save(page)
    following(page, 2)
    choose(page, "facts_clear", "是")
    take_photo(page, "record")
    sign(page, "party_signature")
    expect(page.locator('[data-files="party_signature"]')).to_contain_text("手写签名图像")
    save(page)
    following(page, 3)
    page.locator("[data-show=basis]").click()
    expect(page.get_by_role("dialog")).to_contain_text("《行政处罚法》")
    page.get_by_role("button", name="收起").click()
    expect(page.locator("#panel")).to_contain_text("裁量测算")
    choose(page, "told", "拟处罚内容", "事实", "理由", "依据", "陈述、申辩的权利")
    choose(page, "defence", "没有陈述、申辩")
    save(page)
    following(page, 4)
    decide(page, "50")
    following(page, 5)
    page.locator("[data-show=document]").click()
    shown = page.get_by_role("dialog")
    expect(shown).to_contain_text("当场行政处罚决定书")
    expect(shown.get_by_role("img", name="一案一码")).to_be_visible()
    address = shown.get_by_role("link", name="打开文书（PDF），可以打印").get_attribute("href")
    document = page.request.get(f"{site.address}{address}")
    assert document.headers["content-type"] == "application/pdf"
    assert document.body().startswith(b"%PDF-")
    page.get_by_role("button", name="收起").click()
    expect(page.locator('[data-files="recording"]')).to_contain_text(re.compile("已保存 [1-9] 段"), timeout=8_000)
    choose(page, "receipt_signed", "当事人已签收")
    sign(page, "party_signature")
    save(page)
    expect(page.locator("#steps li")).to_have_count(6)
    sent(page)
    assert site.steps() == ["act_found", "identity_shown", "facts_established", "notice_given", "decision_made",
                            "delivered"]
    kinds = [requirement for requirement, _size in site.materials()]
    assert {"recording", "record", "party_signature", "lead_signature"} <= set(kinds)


def decide(page: Page, fine: str) -> None:
    choose(page, "penalty_kinds", "罚款")
    page.locator("#field\\.fine_amount").fill(fine)
    choose(page, "contents", "违法行为", "处罚的种类和依据", "罚款数额、时间、地点", "复议、诉讼的途径和期限",
           "行政机关名称", "执法人员签名或者盖章")
    choose(page, "correction_required", "是")
    for name, text in DOCUMENT.items():
        page.locator(f"#field\\.{name}").fill(text)
    sign(page, "lead_signature")
    sign(page, "second_signature")
    save(page)


def test_without_network_the_work_goes_on_and_arrives_once(phone: Phone, site: Site) -> None:
    page = phone()
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("现场执法")
    page.context.set_offline(True)
    page.reload()
    begin(page, "离线办理")
    expect(page.locator("#states")).to_contain_text("没有网络")
    expect(page.locator("li.waiting")).to_have_count(1)
    page.locator("#next-step").click()
    page.locator('[data-material="recording"] [data-do=video]').click()
    expect(page.locator('[data-files="recording"]')).to_contain_text(re.compile("已保存 [1-9] 段"), timeout=8_000)
    page.locator("#stop").click()
    choose(page, "recorder_on", "是")
    save(page)
    expect(page.locator("li.waiting")).to_have_count(2)
    page.reload()
    expect(page.locator("li.waiting")).to_have_count(2)
    expect(page.locator("#outbox-link")).to_have_text("待上传 3")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent(page)
    assert site.steps() == ["act_found", "identity_shown"]
    assert [requirement for requirement, _size in site.materials()] == ["recording"]


def test_an_answer_that_was_lost_and_a_page_that_was_killed_double_nothing(phone: Phone, site: Site) -> None:
    page = phone()
    lost: list[str] = []

    def lose_answer(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/field/api/cases(/[^/]+/steps)?$"), lose_answer)
    begin(page, "应答丢失")
    expect(page.locator("li.waiting")).to_have_count(1)
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(f"{site.address}/field/")
    sent(again)
    assert len(lost) >= 1
    assert site.steps() == ["act_found"]
    with database.connection_context():
        assert CaseRow.select().where(CaseRow.title == "应答丢失").count() == 1


def test_a_damaged_chunk_is_sent_again_and_a_reload_resumes_the_recording(phone: Phone, site: Site) -> None:
    page = phone()
    begin(page, "弱网上传")
    damaged: list[int] = []

    def damage(route: Route) -> None:
        if len(damaged) < 2:
            damaged.append(1)
            route.continue_(post_data=(route.request.post_data_buffer or b"")[:-1] + b"?")
        else:
            route.continue_()

    page.route(re.compile(r"/field/api/uploads/[0-9a-f]{32}/\d+\?"), damage)
    following(page, 1)
    page.locator('[data-material="recording"] [data-do=video]').click()
    expect(page.locator('[data-files="recording"]')).to_contain_text(re.compile("已保存 [2-9] 段"), timeout=12_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#notice")).to_contain_text("录制因页面关闭而中断")
    expect(page.locator('[data-files="recording"]')).to_contain_text("已上传", timeout=10_000)
    choose(page, "recorder_on", "否")
    save(page)
    expect(page.locator("#steps li")).to_have_count(2)
    sent(page)
    assert damaged
    requirement, size = site.materials()[-1]
    assert requirement == "recording"
    assert size > 10_000


def test_what_a_colleague_recorded_meanwhile_is_shown_and_the_officer_decides(phone: Phone, site: Site) -> None:
    page, other = phone(), phone()
    begin(page, "两人同时办理")
    expect(page.locator("#steps li")).to_have_count(1)
    sent(page)
    other.reload()
    other.get_by_role("button", name="两人同时办理").click()
    following(other, 1)
    choose(other, "recorder_on", "是")
    other.context.set_offline(True)
    save(other)
    expect(other.locator("li.waiting")).to_have_count(1)
    page.locator("#next-step").click()
    choose(page, "recorder_on", "是")
    save(page)
    expect(page.locator("#steps li")).to_have_count(2)
    other.context.set_offline(False)
    other.goto(f"{site.address}/field/#/outbox")
    other.get_by_role("button", name="立即发送").click()
    expect(other.locator("#outbox-steps")).to_contain_text("在您离线期间，该案件有了新的记录")
    expect(other.locator("#outbox-steps")).to_contain_text("表明身份")
    other.get_by_role("button", name="已核对，继续记录这一步").click()
    sent(other)
    assert site.steps() == ["act_found", "identity_shown", "identity_shown"]


def test_a_fine_above_the_limit_is_recorded_and_the_finding_is_shown_at_once(phone: Phone, site: Site) -> None:
    page = phone()
    begin(page, "超出限额")
    expect(page.locator("#steps li")).to_have_count(1)
    page.locator("#others summary").click() if page.locator("#others:not([open])").count() else None
    page.locator("#others").get_by_text("当场作出处罚决定").click()
    decide(page, "500")
    expect(page.locator("#findings")).to_contain_text("当场处罚限于警告和小额罚款")


def test_log_out_warns_of_what_is_not_sent_and_leaves_nothing_behind(phone: Phone, site: Site) -> None:
    page = phone()
    page.get_by_role("button", name="行政检查", exact=True).click()
    page.locator("#field\\.inspected_party").fill("演示超市")
    expect(page.locator("#record")).to_be_visible()
    page.goto(f"{site.address}/field/#/me")
    page.get_by_role("button", name="退出登录并清除手机上的内容").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("1 份草稿没有上传")
    page.get_by_role("button", name="清除并退出").click()
    page.wait_for_url(re.compile("/login"))
    left: Any = page.evaluate("""async () => [(await indexedDB.databases()).map((one) => one.name),
        (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]""")
    assert left == [[], 0, 0]


def test_every_target_is_large_enough_for_a_thumb(phone: Phone, site: Site) -> None:
    page = phone()
    page.get_by_role("button", name="行政检查", exact=True).click()
    expect(page.locator("#record")).to_be_visible()
    small = page.evaluate("""() => [...document.querySelectorAll("a, button, .pick, select, input.form-control")]
        .filter((one) => one.offsetParent).map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)""")
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

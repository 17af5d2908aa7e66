"""Categories, words and letters: editable, hanging together, heard by the rules at once."""

import pytest
from django.urls import reverse

from huiyin.ground import moment
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.routing.models import Route
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.models import Category, EmotionWord, Facet, RiskPhrase, SeverityPoint
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.notices.models import LetterTemplate, Phrase

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(manager, signed_in):
    return signed_in(manager)


@pytest.fixture(autouse=True)
def _words_as_they_are():
    knowledge.forget()
    yield
    knowledge.forget()


def state(client, name, pk, wanted):
    return client.post(reverse("console:state", args=[name, pk]), {"state": wanted})


def test_all_229_categories_stand_on_one_page_as_a_tree(boss):
    page = boss.get("/console/categories/")
    rows = page.context["rows"]
    assert len(rows) == Category.objects.count() == 229
    assert {line["depth"] for line in rows} == {0, 1, 2}
    codes = [line["row"].code for line in rows]
    for code in codes:
        above = code.rpartition(".")[0]
        assert not above or codes.index(above) < codes.index(code)


def test_a_category_is_found_by_name_code_or_seed(boss):
    def codes(query):
        rows = boss.get(f"/console/categories/?{query}").context["rows"]
        return {line["row"].code for line in rows}

    assert "SF.02" in codes("q=SF.02")
    assert codes("heading=SF") == {c for c in codes("") if c == "SF" or c.startswith("SF.")}
    assert codes("q=没有这样的词") == set()


def test_a_new_category_stands_after_its_siblings_and_is_read_at_once(boss, fill):
    answer = fill(
        boss, "categories", code="SF.01.99", name_zh="滑板车起火", severity="1",
        sla_code="SLA-CRIT", seeds="独轮滑板车:9",
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    rows = boss.get("/console/categories/").context["rows"]
    codes = [line["row"].code for line in rows]
    family = [code for code in codes if code.startswith("SF.01")]
    assert family[-1] == "SF.01.99"
    assert codes.index("SF.01.99") == codes.index("SF.01") + len(family) - 1
    assert knowledge.preview("我的独轮滑板车出了问题").category == "SF.01.99"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "ZZ.01"}, "上级类别 ZZ 不存在"),
        ({"code": "nonsense"}, "代码形如"),
        ({"code": "SF.01"}, "与已有的重复"),
        ({"code": "SF.01.98", "seeds": "…:3"}, "要以文字开头"),
        ({"code": "SF.01.98", "sla_code": "NO-SUCH"}, ""),
    ],
)
def test_a_category_without_sense_is_refused(boss, fill, typed, sentence):
    data = {"name_zh": "新类", "severity": "3", "sla_code": "SLA-STD"} | typed
    answer = fill(boss, "categories", **data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert Category.objects.count() == 229


def test_a_heading_is_not_retired_above_what_is_in_use(boss):
    answer = state(boss, "categories", "SF.01", "retired")
    assert answer.status_code == 409
    assert "先停用它下面还在使用的" in answer.text
    leaf = Category.objects.filter(parent="SF.01").order_by("code")[0]
    assert state(boss, "categories", leaf.pk, "retired").status_code == 302
    assert leaf not in Category.objects.live()
    assert leaf.code not in knowledge.current().rows  # the rules know it already


def test_nothing_comes_back_below_what_is_retired(boss):
    Category.objects.filter(code__startswith="SF.01").update(retired_at=moment.now())
    leaf = Category.objects.filter(parent="SF.01").order_by("code")[0]
    answer = state(boss, "categories", leaf.pk, "used")
    assert answer.status_code == 409
    assert "先恢复上级类别" in answer.text


def test_a_facet_gets_a_new_value(boss, fill):
    answer = fill(boss, "facets", code="CAU.77", parent="CAU", name_zh="新的原因")
    assert answer.status_code == 302, answer.context["form"].errors
    assert Facet.objects.get(code="CAU.77").parent_id == "CAU"
    assert state(boss, "facets", "CAU", "retired").status_code == 409
    assert state(boss, "facets", "CAU.77", "retired").status_code == 302


def test_a_new_risk_word_is_heard_at_once_and_no_more_when_retired(boss, fill):
    text = "我要去紫荆台反映"
    assert "media" not in knowledge.preview(text).risks
    answer = fill(boss, "risk-phrases", group="media", pattern="紫荆台", weight="strong")
    assert answer.status_code == 302, answer.context["form"].errors
    assert "media" in knowledge.preview(text).risks
    phrase = RiskPhrase.objects.get(pattern="紫荆台")
    assert state(boss, "risk-phrases", phrase.pk, "retired").status_code == 302
    assert "media" not in knowledge.preview(text).risks


def test_a_word_stands_once_in_a_group(boss, fill):
    known = RiskPhrase.objects.filter(group="safety")[0]
    answer = fill(boss, "risk-phrases", group="safety", pattern=known.pattern, weight="weak")
    assert answer.status_code == 422


def test_a_word_of_feeling_has_a_strength_from_one_to_five(boss, fill):
    word = EmotionWord.objects.all()[0]
    assert fill(boss, "emotion-words", word, strength="9").status_code == 422
    assert fill(boss, "emotion-words", word, strength="5").status_code == 302


def test_points_are_changed_and_a_floor_is_a_severity(boss, fill):
    floor = SeverityPoint.objects.filter(part="floor")[0]
    assert fill(boss, "points", floor, points="5").status_code == 422
    point = SeverityPoint.objects.get(key="impact.amount.1")
    assert fill(boss, "points", point, points="7").status_code == 302
    point.refresh_from_db()
    assert (point.points, point.key) == (7, "impact.amount.1")
    assert ConfigChange.objects.get(section="points").changes[0]["after"] == "7"


def test_a_text_is_read_on_trial_and_nothing_is_kept(boss, admin, chen, li, signed_in):
    text = {"text": "电饭煲漏电，孩子被电到了 <b>x</b>"}
    for client in (boss, signed_in(admin), signed_in(chen)):
        page = client.post("/console/trial/", text)
        assert page.status_code == 200
        assert "人身安全" in page.text
        assert "<b>x</b>" not in page.text
    assert signed_in(li).post("/console/trial/", text).status_code == 403
    assert not ConfigChange.objects.exists()


def test_a_letter_knows_only_its_placeholders(boss, fill):
    template = LetterTemplate.objects.get(code="received")
    answer = fill(boss, "templates", template, body_zh="您好 {name}，{password}")
    assert answer.status_code == 422
    assert "没有这样的占位符：{password}" in answer.text
    answer = fill(boss, "templates", template, body_zh="您好 {name}，编号 {number}")
    assert answer.status_code == 302
    page = boss.get(reverse("console:row", args=["templates", template.pk]))
    assert "编号 TS2026-000123" in page.text


def test_a_phrase_never_tells_the_tracking_code(boss, fill):
    answer = fill(boss, "phrases", title="查询", text_zh="查询码 {code}", position="1")
    assert answer.status_code == 422
    answer = fill(boss, "phrases", title="查询", text_zh="编号 {number}", position="1")
    assert answer.status_code == 302
    assert Phrase.objects.filter(title="查询").exists()


def test_phrases_are_offered_by_category():
    Phrase.objects.all().delete()
    for prefix in ("", "SF", "SF.02", "PR"):
        Phrase.objects.create(title=prefix or "都用", category_prefix=prefix, text_zh="x")
    offered = Phrase.objects.for_category("SF.02.01").values_list("title", flat=True)
    assert set(offered) == {"都用", "SF", "SF.02"}
    assert set(Phrase.objects.for_category("").values_list("title", flat=True)) == {"都用"}


@pytest.fixture
def letter(make_complaint):
    def make(state):
        return Letter.objects.create(
            complaint=make_complaint(), purpose="reply", recipient="wf@example.com",
            subject="关于您的投诉", body="您好", state=state,
            next_try_at=moment.now(), created_at=moment.now(),
        )  # fmt: skip

    return make


@pytest.mark.parametrize("waiting", ["queued", "held", "failed"])
def test_a_letter_that_waits_is_cancelled_for_good(boss, letter, waiting, settings, mailoutbox):
    settings.EMAIL_HOST = "mail.example.com"
    one = letter(waiting)
    cancel = reverse("console:act", args=["letters", one.pk, "cancel"])
    assert boss.post(cancel).status_code == 302
    one.refresh_from_db()
    assert one.state == LetterState.CANCELLED
    conversation.send_due_letters()
    assert mailoutbox == []
    retry = reverse("console:act", args=["letters", one.pk, "retry"])
    assert boss.post(retry).status_code == 409


def test_what_is_sent_cannot_be_cancelled(boss, letter):
    one = letter("sent")
    cancel = reverse("console:act", args=["letters", one.pk, "cancel"])
    assert boss.post(cancel).status_code == 409
    one.refresh_from_db()
    assert one.state == LetterState.SENT


def test_a_team_that_routes_lead_to_stays(boss, after_sales):
    Route.objects.create(category_prefix="SV.02.77", team=after_sales)
    answer = state(boss, "teams", after_sales.pk, "retired")
    assert answer.status_code == 409
    assert "请先改派" in answer.text


def test_a_day_has_one_meaning_in_a_calendar(boss, fill):
    from huiyin.ground.worktime.models import CalendarDay

    day = CalendarDay.objects.filter(calendar=None).order_by("day")[0]
    answer = fill(boss, "holidays", day=str(day.day), kind="makeup", name="再来一次")
    assert answer.status_code == 422
    assert "这一天已经有安排了" in answer.text


def test_no_text_of_a_setting_is_ever_markup(boss, fill):
    payload = "<img src=x onerror=alert(1)>"
    fill(boss, "phrases", title=payload, text_zh=payload, position="1")
    phrase = Phrase.objects.get(title=payload)
    pages = (
        "/console/phrases/",
        reverse("console:row", args=["phrases", phrase.pk]),
        "/console/changes/",
    )
    for url in pages:
        page = boss.get(url).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page

"""Programs do what pages do."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.journey.survey import actions
from huiyin.journey.survey.models import Invitation, SendRule, Survey
from huiyin.surface.console.models import ConfigChange
from tests.survey.conftest import BAD, GOOD

pytestmark = pytest.mark.django_db
JSON = "application/json"
QUESTIONS = [
    {"key": "q1", "ask": "csat", "title_zh": "满意吗", "required": True},
    {
        "key": "q2",
        "ask": "one",
        "title_zh": "为什么",
        "options": [{"zh": "慢"}, {"zh": "凶", "en": "rude"}],
        "when": {"all": [{"field": "q1", "is": "at_most", "value": 2}]},
    },
]


def test_a_survey_is_made_written_and_published(api, tao, li):
    web = api(tao)
    made = web.post("/api/v1/surveys", {"code": "short", "name_zh": "短的"}, JSON)
    assert made.status_code == 201
    body = {"edition": 1, "questions": QUESTIONS, "thanks_zh": "谢谢"}
    written = web.put("/api/v1/surveys/short/draft", body, JSON).json()
    assert written["questions"][1]["options"][0]["key"] == "o1"
    assert web.put("/api/v1/surveys/short/draft", body, JSON).status_code == 409
    wrong = body | {"edition": 2, "questions": [{"key": "q1", "ask": "no", "title_zh": "x"}]}
    assert web.put("/api/v1/surveys/short/draft", wrong, JSON).status_code == 422
    published = web.post("/api/v1/surveys/short/publication", {"edition": 2}, JSON).json()
    assert published["published_at"]
    assert web.get("/api/v1/surveys/short").json()["published"] == 1
    assert web.post("/api/v1/surveys/short/draft").json()["number"] == 2
    settings = {"name_zh": "短问卷", "low_csat": 1}
    assert web.put("/api/v1/surveys/short", settings, JSON).json()["name_zh"] == "短问卷"
    assert api(li).put("/api/v1/surveys/short", settings, JSON).status_code == 403
    assert [v["number"] for v in web.get("/api/v1/surveys/short/versions").json()] == [2, 1]


def test_rules_are_made_and_changed(api, manager, tao, survey):
    rule = {"survey": "handling", "name": "结案后", "after": "closed", "percent": 30}
    made = api(manager).post("/api/v1/survey-rules", rule, JSON)
    assert made.status_code == 201
    pk = made.json()["id"]
    changed = rule | {"condition": {"all": [{"field": "channel", "is": "one_of", "value": ["x"]}]}}
    assert api(manager).put(f"/api/v1/survey-rules/{pk}", changed, JSON).status_code == 200
    assert SendRule.objects.get(pk=pk).condition
    for wrong in ({"percent": 0}, {"percent": 101}, {"condition": {"all": [{"field": "no"}]}}):
        refused = api(manager).put(f"/api/v1/survey-rules/{pk}", rule | wrong, JSON)
        assert refused.status_code == 422, wrong
    assert api(manager).put(f"/api/v1/survey-rules/{pk}", changed, JSON).status_code == 200
    off = changed | {"enabled": False}
    assert api(manager).put(f"/api/v1/survey-rules/{pk}", off, JSON).status_code == 200
    # The console's history tells each change once, refused and empty ones not at all.
    kept = ConfigChange.objects.filter(section="survey-rules", subject_id=str(pk)).order_by("pk")
    assert [(one.did, one.by) for one in kept] == [
        ("created", manager),
        ("changed", manager),
        ("retired", manager),
    ]
    assert {"field": "抽样比例（%）", "before": "", "after": "30"} in kept[0].changes
    assert [row["field"] for row in kept[1].changes] == ["条件"]
    assert api(tao).post("/api/v1/survey-rules", rule, JSON).status_code == 403
    assert api(tao).get("/api/v1/survey-rules").status_code == 200


def test_one_is_sent_by_hand_and_seen_with_its_state(api, closed, chen, li, sun, survey):
    complaint = closed()
    path = f"/api/v1/complaints/{complaint.number}/surveys"
    asked = {"survey": "handling", "way": "link"}
    assert api(li).post(path, asked, JSON).status_code == 403
    assert api(sun).post(path, asked, JSON).status_code == 404
    sent = api(chen).post(path, asked, JSON)
    assert sent.status_code == 201
    assert "/portal/survey/" in sent.json()["link"]
    assert api(chen).post(path, asked, JSON).status_code == 409
    told = api(li).get(path).json()
    assert told[0]["state"] == "sent"
    assert "link" not in told[0]
    actions.answer(Invitation.objects.get(), BAD)
    told = api(li).get(path).json()[0]
    assert told["state"] == "answered"
    assert "csat" not in told


def test_opting_out_and_in(api, closed, li, sun):
    complaint = closed()
    path = f"/api/v1/complaints/{complaint.number}/survey-opt-out"
    assert api(sun).post(path).status_code == 404
    assert api(li).post(path).status_code == 204
    assert complaint.customer.survey_opt_out
    assert api(li).delete(path).status_code == 204


def test_figures_and_answers_with_their_filters(api, answered, tao, survey):
    for _turn in range(3):
        answered(GOOD)
    answered(BAD, category="DL.01.02")
    web = api(tao)
    found = web.get("/api/v1/surveys/handling/results").json()
    assert found["answers"] == 4
    assert date.fromisoformat(found["weeks"][0]["week"]).weekday() == 0  # of the house, not of UTC
    csat = next(one for one in found["scores"] if one["metric"] == "csat")
    assert (csat["value"], csat["of"], csat["few"]) == (75, 4, True)
    assert found["sent"] == found["answered"] == 4
    assert found["rate"] == 100
    assert found["choices"]["q3"] == {"slow": 1, "attitude": 1}
    assert {one["key"] for one in found["categories"]} == {"PD", "DL"}
    low = web.get("/api/v1/surveys/handling/answers?part=low").json()["items"]
    assert [one["csat"] for one in low] == [1]
    dl = web.get("/api/v1/surveys/handling/answers?category=DL").json()["items"]
    assert len(dl) == 1
    words = web.get("/api/v1/surveys/handling/answers?q=一个月").json()["items"]
    assert [one["csat"] for one in words] == [1]
    first = web.get("/api/v1/surveys/handling/answers?limit=3").json()
    rest = web.get(f"/api/v1/surveys/handling/answers?limit=3&after={first['next_after']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next_after"]) == (3, 1, None)
    assert Survey.objects.count() == len(web.get("/api/v1/surveys").json())

"""Pages and API: the library, an article, its editor and reviews, gaps, import."""

from __future__ import annotations

import json

import pytest

from huiyin.ground import moment
from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.models import Article, Miss, Version
from huiyin.ground.knowledge.words import Audience, Kind, State
from huiyin.ground.people.words import Role
from tests.knowledge.conftest import in_force
from tests.knowledge.test_importing import MARKDOWN, upload, word
from tests.knowledge.test_workflow import text

pytestmark = pytest.mark.django_db


def said(**more) -> dict:
    return {
        "kind": Kind.POLICY,
        "title": "鲸鱼条款",
        "body": "蓝鲸**七天**可退。",
        "audience": Audience.AGENT,
        "checked": "house",
        "review_on": "2099-01-01",
        "then": "save",
    } | more


def test_from_the_editor_to_the_reader(zhi, ji, li, signed_in):
    editor, reviewer, reader = signed_in(zhi), signed_in(ji), signed_in(li)
    answer = editor.post("/knowledge/new/", said(owner=zhi.pk, categories=["AS.01"]))
    assert answer.status_code == 302, answer.context["form"].errors
    version = Version.objects.get(title="鲸鱼条款")
    assert version.categories == ["AS.01"]
    address = f"/knowledge/articles/{version.article.code}/"
    assert reader.get(address).status_code == 404  # a draft
    changed = said(owner=zhi.pk, body="蓝鲸八天可退。", revision=1, then="submit")
    answer = editor.post(f"/knowledge/versions/{version.pk}/", changed)
    assert answer.status_code == 302, answer.context["form"].errors
    page = editor.get(address).content.decode()
    assert "自己写的不能自己审核" in page and "deciding" not in page
    assert "鲸鱼条款" in reviewer.get("/knowledge/reviews/").content.decode()
    assert "deciding" in reviewer.get(address).content.decode()
    decided = reviewer.post(f"/knowledge/versions/{version.pk}/deciding/", {"approve": "1"})
    assert decided.status_code == 302
    assert "蓝鲸八天可退" in reader.get(address).content.decode()
    found = reader.get("/knowledge/?q=蓝鲸").content.decode()
    assert "鲸鱼条款" in found and "<mark>蓝鲸</mark>" in found


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(zhi, signed_in):
    browser = signed_in(zhi)
    for change, told in (
        ({"audience": "restricted"}, "哪些角色"),
        ({"valid_from": "2030-02-01", "valid_to": "2030-01-01"}, "早于"),
        ({"code": "有 空格"}, "编号用字母"),
        ({"keywords": "这是一个远远超过二十个字的长长长长长关键词，退"}, "2–20"),
    ):
        answer = browser.post("/knowledge/new/", said(owner=zhi.pk, **change))
        assert answer.status_code == 422, change
        page = answer.content.decode()
        assert told in page and "蓝鲸**七天**可退" in page
    assert not Article.objects.filter(versions__title="鲸鱼条款").exists()


def test_of_two_editors_the_second_is_told(zhi, ji, signed_in):
    version = actions.write(by=zhi, kind=Kind.POLICY, text=text())
    actions.save(version, by=ji, text=text(body="先改的。"), revision=1)
    late = said(owner=zhi.pk, revision=1)
    answer = signed_in(zhi).post(f"/knowledge/versions/{version.pk}/", late)
    assert answer.status_code == 409
    assert "别人改过" in answer.content.decode()


def test_two_versions_are_compared_word_by_word(zhi, ji, signed_in):
    first = in_force("T-1", "鲸鱼", "第一行\n七天内可退\n第三行")
    draft = actions.revise(first.article, by=zhi)
    actions.save(draft, by=zhi, text=text("鲸鱼", "第一行\n八天内可退\n第三行"), revision=1)
    page = signed_in(ji).get("/knowledge/articles/T-1/?version=2&against=1").content.decode()
    assert "<del>七</del><ins>八</ins>" in page


def test_markdown_brings_no_script(zhi, signed_in):
    hostile = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://e.com/p.png)\n\n"
        '<a href="https://e.com" onclick="x">y</a> <style>*{}</style>'
    )
    in_force("T-1", "<img src=x onerror=alert(1)>", hostile)
    browser = signed_in(zhi)
    for page in (
        browser.get("/knowledge/articles/T-1/").content.decode(),
        browser.post("/knowledge/preview/", {"body": hostile}).content.decode(),
    ):
        body = page.split("prose", 1)[-1].split("</article>")[0]
        for bad in (
            "<script>alert",
            'javascript:alert(1)"',
            "<img",
            "<style>*",
            '<a href="https://e.com" onclick',
        ):
            assert bad not in body, bad
    assert "<img src=x" not in browser.get("/knowledge/articles/T-1/").content.decode()


def test_restricted_stands_in_no_list_of_others(fa, li, zhi, signed_in, api):
    in_force("T-1", "鲸案底线", audience=Audience.RESTRICTED, roles=[Role.LEGAL])
    assert "鲸案" in signed_in(fa).get("/knowledge/?q=鲸案").content.decode()
    for other in (li, zhi):
        browser = signed_in(other)
        assert "T-1" not in browser.get("/knowledge/?q=鲸案").content.decode()
        assert browser.get("/knowledge/articles/T-1/").status_code == 404
        assert api(other).get("/api/v1/knowledge/articles/T-1").status_code == 404
        assert api(other).get("/api/v1/knowledge?q=鲸案").json() == []


def test_the_library_pages_by_code_and_shows_the_rest_to_keepers(zhi, li, signed_in):
    for number in range(60):
        in_force(f"AAA-{number:03}", f"鲸鱼 {number}", kind=Kind.ARTICLE)
    browser = signed_in(li)
    page = browser.get("/knowledge/?kind=article").content.decode()
    assert "AAA-049" in page and "AAA-050" not in page
    more = browser.get("/knowledge/?kind=article&after=AAA-049~1").content.decode()
    assert "AAA-050" in more and "<html" not in more
    draft = actions.write(by=zhi, kind=Kind.POLICY, text=text())
    assert draft.article.code in signed_in(zhi).get("/knowledge/?view=draft").content.decode()
    assert draft.article.code not in browser.get("/knowledge/?view=draft").content.decode()
    for wild in ("?view=x&kind=y&category=%27&after=~&step=z", "?after=AAA-001~999999999999"):
        assert browser.get(f"/knowledge/{wild}").status_code == 200


def test_a_search_in_vain_is_kept_and_settled(zhi, li, signed_in):
    signed_in(li).get("/knowledge/?q=独角鲸保温杯")
    assert Miss.objects.get().words == "独角鲸保温杯"
    keeper = signed_in(zhi)
    assert "独角鲸保温杯" in keeper.get("/knowledge/gaps/").content.decode()
    rows = keeper.get("/knowledge/gaps/searches/?words=独角鲸保温杯").content.decode()
    assert "李明" in rows
    keeper.post("/knowledge/gaps/settling/", {"words": "独角鲸保温杯", "note": "已写"})
    assert "独角鲸保温杯" not in keeper.get("/knowledge/gaps/").content.decode()


def test_files_are_imported_on_the_page(zhi, signed_in):
    page = signed_in(zhi).post(
        "/knowledge/import/",
        {"kind": "article", "files": [upload("a.md", MARKDOWN), upload("b.docx", word())]},
    )
    told = page.content.decode()
    assert "3 篇成为草稿" in told and "WH-03" in told
    bad = signed_in(zhi).post("/knowledge/import/", {"files": [upload("a.docx", b"PK\x03\x04x")]})
    assert "损坏" in bad.content.decode()


def test_the_api_goes_the_whole_way(zhi, ji, li, api):
    editor, reviewer = api(zhi), api(ji)
    body = {"kind": "policy", "title": "鲸鱼条款", "body": "蓝鲸。", "review_on": "2099-01-01"}

    def post(client, path, data=None):
        return client.post(f"/api/v1/knowledge/{path}", json.dumps(data or {}), "application/json")

    made = post(editor, "articles", body)
    assert made.status_code == 201, made.content
    version, code = made.json()["id"], made.json()["code"]
    change = body | {"body": "蓝鲸八天。", "revision": 1}
    saved = editor.put(
        f"/api/v1/knowledge/versions/{version}", json.dumps(change), "application/json"
    )
    assert saved.json()["revision"] == 2
    assert post(editor, f"versions/{version}/submission").status_code == 204
    assert post(editor, f"versions/{version}/review", {"approve": True}).status_code == 403
    assert [one["id"] for one in reviewer.get("/api/v1/knowledge/reviews").json()] == [version]
    assert post(reviewer, f"versions/{version}/review", {"approve": True}).status_code == 204
    found = api(li).get("/api/v1/knowledge?q=蓝鲸八天").json()
    assert [one["code"] for one in found] == [code]
    assert post(editor, f"articles/{code}/revision").status_code == 201
    told = editor.get(f"/api/v1/knowledge/articles/{code}").json()
    assert (told["versions"], told["version"]["number"]) == ([1, 2], 1)
    difference = editor.get(f"/api/v1/knowledge/articles/{code}/difference?before=1&after=2")
    assert difference.json() == []
    assert post(editor, f"articles/{code}/withdrawal", {"note": "不再执行"}).status_code == 204
    assert Version.objects.get(pk=version).state == State.EXPIRED
    rows = editor.get("/api/v1/knowledge/articles?view=draft").json()["rows"]
    assert code in [row["code"] for row in rows]


def test_due_for_review_warns_on_the_page(zhi, signed_in):
    version = in_force("T-1", "鲸鱼", valid_to=moment.today())
    Article.objects.filter(pk=version.article_id).update(review_on="2020-01-01", owner=zhi)
    page = signed_in(zhi).get("/knowledge/articles/T-1/").content.decode()
    assert "复审日期 2020-01-01 已到" in page and "失效" in page
    assert "T-1" in signed_in(zhi).get("/knowledge/?view=due").content.decode()
    assert "T-1" in signed_in(zhi).get("/knowledge/reviews/").content.decode()

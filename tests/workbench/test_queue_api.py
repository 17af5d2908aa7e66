"""Views and columns of one's own queue, for programs."""

from __future__ import annotations

import json

import pytest

from huiyin.surface.workbench.models import ListColumns, OwnView
from tests.together import at_once

pytestmark = pytest.mark.django_db


def kept(client, method="post", path="/api/v1/queue/views", **said):
    return getattr(client, method)(path, json.dumps(said), "application/json")


def test_a_view_is_kept_listed_changed_and_deleted(api, li):
    client = api(li)
    made = kept(client, title=" 急件 ", query={"view": "open", "severity": "1", "evil": "1"})
    assert made.status_code == 201
    view = made.json()
    assert (view["title"], view["query"]) == ("急件", {"view": "open", "severity": "1"})
    assert (view["by"], view["shared_with"]) == ("li", None)
    assert client.get(view["page"]).status_code == 302  # a page: a token signs nobody in there
    assert [one["id"] for one in client.get("/api/v1/queue/views").json()] == [view["id"]]
    path = f"/api/v1/queue/views/{view['id']}"
    changed = kept(client, "put", path, title="很急", query={"view": "late"}).json()
    assert (changed["title"], changed["query"]) == ("很急", {"view": "late"})
    assert client.delete(path).status_code == 204
    assert not OwnView.objects.exists()


def test_whoever_leads_a_team_shares_with_it_and_its_people_cannot_change_it(
    api, li, chen, sun, after_sales
):
    view = kept(api(chen), title="本组急件", shared_with=after_sales.code).json()
    assert view["shared_with"] == after_sales.code
    assert [one["by"] for one in api(li).get("/api/v1/queue/views").json()] == ["chen"]
    assert api(sun).get("/api/v1/queue/views").json() == []
    path = f"/api/v1/queue/views/{view['id']}"
    assert kept(api(li), "put", path, title="我的").status_code == 404
    assert api(li).delete(path).status_code == 404
    assert OwnView.objects.get().title == "本组急件"


@pytest.mark.parametrize("code", ["aftersales", "no-such-team"])
def test_who_leads_nobody_shares_with_nobody(api, li, after_sales, code):
    refused = kept(api(li), title="给大家", shared_with=code)
    assert refused.status_code == 422
    assert "只有组长、主管和经理" in refused.json()["detail"]
    assert not OwnView.objects.exists()


def test_a_name_is_kept_once_also_by_two_programs_at_once(api, li):
    assert kept(api(li), title="急件").status_code == 201
    again = kept(api(li), title="急件")
    assert again.status_code == 422 and "已经有一个" in again.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_keep_the_same_name_twice(api, li):
    client, other = api(li), api(li)
    answers = at_once(lambda: kept(client, title="急件"), lambda: kept(other, title="急件"))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert OwnView.objects.count() == 1


def test_columns_are_chosen_and_the_usual_ones_come_back(api, li, signed_in):
    client = api(li)
    usual = client.get("/api/v1/queue/columns").json()
    assert {"key": "what", "title": "投诉与诉求", "shown": True} in usual
    body = json.dumps({"shown": ["due", "owner", "evil"]})
    chosen = client.put("/api/v1/queue/columns", body, "application/json").json()
    assert [one["key"] for one in chosen if one["shown"]] == ["what", "due", "owner"]
    assert "首接负责人" in signed_in(li).get("/queue/").content.decode()
    assert client.delete("/api/v1/queue/columns").json() == usual
    assert not ListColumns.objects.exists()

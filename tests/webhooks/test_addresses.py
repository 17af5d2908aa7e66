"""Where a call may go: each odd way to write an inner address is refused (V64)."""

from __future__ import annotations

import pytest

from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules import addresses
from huiyin.ground.webhooks.rules.addresses import Forbidden, is_reachable, target

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://LOCALHOST:443/",
        "https://localhost./",
        "https://127.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00::1]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/",
        "https://100.100.100.200/latest/",
        "https://100.64.0.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://168.63.129.16/",
        "https://metadata.google.internal/",
        "https://intranet/",
        "https://printer.local/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://user@pay.example/",
        "https://pay.example@127.0.0.1/",
        "https://127.0.0.1#@pay.example/",
        "https://127.0.0.1\\@pay.example/",
        "https://pay.example\\@127.0.0.1/",
        "https://127.0.0.1%00.pay.example/",
        "https://%31%32%37.0.0.1/",
        "https://pay.example:22/",
        "https://pay.example:99999/",
        "https://pay.example:x/",
        "ftp://pay.example/",
        "file:///etc/passwd",
        "gopher://pay.example/",
        "javascript:alert(1)//x",
        "//pay.example/",
        "https:pay.example",
        "https:///pay.example/",
        "https://",
        "https://xn--/",
        "https://-pay.example/",
        "https://pay..example/",
        "https://pay.example/\r\nHost: x",
        "https://pay.example/ x",
        "https://" + "a" * 300 + ".example/",
        "https://pay.example/" + "a" * 600,
        "http://pay.example/",
        "",
    ],
)
def test_what_is_odd_or_inside_is_refused(url):
    with pytest.raises(Forbidden):
        target(url)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://pay.example/hooks", "pay.example", 443),
        ("https://PAY.example:8443/hooks?a=1", "pay.example", 8443),
        ("https://93.184.215.14/", PUBLIC, 443),
        ("https://xn--fiqs8s.example/", "xn--fiqs8s.example", 443),
    ],
)
def test_what_is_plain_and_public_is_taken(url, host, port):
    found = target(url)
    assert (found.host, found.port, found.inner) == (host, port, False)


def test_a_named_inner_host_may_be_called_by_http_and_only_at_its_port():
    assert target("http://erp.lan:9000/x", ("erp.lan:9000",)).inner
    assert target("http://erp.lan/x", ("erp.lan",)).inner
    for url in ("http://erp.lan:9001/x", "http://other.lan:9000/x", "http://a@erp.lan:9000/"):
        with pytest.raises(Forbidden):
            target(url, ("erp.lan:9000",))
    with pytest.raises(Forbidden):
        target("http://erp.lan:22/", ("erp.lan",))  # without a port: the two usual ones


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1%eth0",
     "fd00::1", "64:ff9b::a00:1", "224.0.0.1", "0.0.0.0", "100.64.1.1", "x"],
)  # fmt: skip
def test_what_a_public_name_leads_to_is_judged_again(address):
    assert not is_reachable(address, target("https://pay.example/"))


def test_an_inner_host_may_be_private_but_never_where_a_cloud_tells_its_secrets():
    inner = target("http://erp.lan/", ("erp.lan",))
    assert is_reachable("10.0.0.5", inner)
    assert is_reachable("127.0.0.1", inner)
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1"):
        assert not is_reachable(address, inner)


def test_one_bad_address_among_good_ones_spoils_them_all(monkeypatch, settings):
    settings.WEBHOOK_INNER_HOSTS = ()
    monkeypatch.setattr(posting, "addresses_of", lambda *_a: [PUBLIC, "127.0.0.1"])
    assert "不能调用内部地址" in posting.refusal_of("https://pay.example/")
    monkeypatch.setattr(posting, "addresses_of", lambda *_a: [PUBLIC])
    assert posting.refusal_of("https://pay.example/") == ""


def test_a_name_that_leads_nowhere_is_refused(monkeypatch):
    def unknown(*_args):
        raise OSError("Name or service not known")

    monkeypatch.setattr(posting, "addresses_of", unknown)
    assert "解析不到" in posting.refusal_of("https://pay.example/")


def test_the_address_that_was_judged_is_the_one_that_is_called(monkeypatch, settings, standin):
    """DNS that answers public first and inner the second time is asked only once."""
    asked, dialled = [], []

    def resolver(host, port):
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def dial(address, _timeout):
        dialled.append(address)
        raise OSError("no way out")

    monkeypatch.setattr(posting, "addresses_of", resolver)
    monkeypatch.setattr(posting.socket, "create_connection", dial)
    with pytest.raises(posting.Unreached):
        posting.send("POST", "https://rebind.example/", headers={}, body=b"{}")
    assert (asked, dialled) == (["rebind.example"], [(PUBLIC, 443)])
    monkeypatch.undo()
    assert standin.seen == []


def test_every_reason_has_a_sentence():
    whys = {"long", "written", "scheme", "user", "port", "inner", "https", "unknown"}
    assert all(posting.sentence_of(why) for why in whys)
    assert addresses.PUBLIC_PORTS == (443, 8443)

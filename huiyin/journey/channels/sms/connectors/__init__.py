"""Providers of text messages, one module each (`settings.CONNECTORS`).

A provider is a connector (`hooks/connector.py`) that also has

    def send(hook, number, text, *, sign, template, key) -> str

which gives what the other side calls the text, and raises Undelivered. `key` stays the same however
often it is tried.
"""

"""Hooks (接入): outside systems that tell us something: verified, kept, never taken twice.

Each kind of system is a connector of a channel (`settings.CONNECTORS`). In: nothing. Out: nothing.
"""

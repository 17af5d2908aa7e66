"""Judgement about calls: where they may go, how they are signed, what an answer says. Pure."""

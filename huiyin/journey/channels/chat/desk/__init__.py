"""The agent's side of chats (坐席端): the desk at /chats/, all chats, what ends one, for people and
programs. It decides nothing: the verbs are those of the stage.

In: chats. Out: nothing of its own.
"""

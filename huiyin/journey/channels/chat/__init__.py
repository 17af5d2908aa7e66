"""Chat (在线聊天): a widget on any site, several chats at a desk, the transcript is the record.

In: nothing. Out: CHATTED.
"""

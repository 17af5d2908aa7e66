"""Mail (邮件): what came is kept as it came, read in a limited child, threaded by our tokens.

In: letters of the conversation, to be sent. Out: What.CUSTOMER_WROTE, RECEIVED (through the stages
that own them), LETTER_RETURNED, AUTO_REPLIED.
"""

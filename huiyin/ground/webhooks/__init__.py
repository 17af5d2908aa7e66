"""Webhooks: signed calls to outside systems, retried until answered, never to inner addresses.

Knows nothing of complaints: what is called for is told by whoever asks for a call.
"""

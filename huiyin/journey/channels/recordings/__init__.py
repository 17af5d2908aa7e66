"""Recordings (录音): fetched or uploaded, seen as a waveform, analysed, quoted as evidence.

In: EVIDENCE_ADDED. Out: RECORDED.
"""

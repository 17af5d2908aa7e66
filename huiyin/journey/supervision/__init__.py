"""Supervision (督办): ordinary, posted (挂牌), summons (约谈), with measures and an own limit.

In: What.CLOCK_MISSED, URGED. Out: What.SUPERVISED, MEASURES_FILED, SUPERVISION_LIFTED.
"""

"""Examples that run beside a telephone system and tell us what it tells (docs/phone.md).

Nothing here needs Django or a package: Python alone, on the machine of the telephone system.
"""

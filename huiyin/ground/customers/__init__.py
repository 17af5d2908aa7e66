"""Customers (客户): one person with many contact points.

In: nothing. Out: nothing. No labels on people: level and care flags only.
"""

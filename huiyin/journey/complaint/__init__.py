"""The complaint (投诉): its number, its status, its story, and who may see it. The thin spine.

Every other stage points here and writes its few sortable facts through `Complaint.carry`.
"""

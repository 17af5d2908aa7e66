"""Exchange (导入导出): complaints come in from files, lists go out as files.

In: nothing. Out: nothing of its own; every imported row is registered as any other complaint.
"""

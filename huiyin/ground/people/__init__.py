"""People (人员): users, teams, departments, roles, presence, sign-in.

In: nothing. Out: nothing. Who may see which complaint is the complaint's affair, not ours.
"""

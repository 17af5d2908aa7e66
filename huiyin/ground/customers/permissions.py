"""Who may change what is kept of a customer. Whom one sees is asked before, by his complaints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission


@permission(_("只有处理投诉的人员可以修改客户资料"))
def can_describe(user: User, customer: Customer) -> bool:
    return user.has_role(
        Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER
    )


@permission(_("客户级别影响处理的先后，只有分级员、组长、值班主管和经理可以修改"))
def can_set_level(user: User, customer: Customer) -> bool:
    return user.has_role(Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)

"""The words of people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is here for. A person may have several (domain: roles of §7.3)."""

    AGENT = "agent", _("坐席")
    SPECIALIST = "specialist", _("投诉专员")
    TRIAGER = "triager", _("分级员")
    LEAD = "lead", _("组长")
    SUPERVISOR = "supervisor", _("值班主管")
    MANAGER = "manager", _("经理")
    DEPT_HANDLER = "dept_handler", _("部门经办")
    DEPT_HEAD = "dept_head", _("部门经理")
    SUPERVISION = "supervision", _("督办员")
    VISITOR = "visitor", _("回访员")
    QA = "qa", _("质检员")
    KNOWLEDGE = "knowledge", _("知识编辑")
    TRAINER = "trainer", _("培训师")
    FINANCE = "finance", _("财务")
    LEGAL = "legal", _("法务")
    PUBLIC_RELATIONS = "pr", _("公关")
    PRIVACY = "privacy", _("隐私官")
    SYSADMIN = "sysadmin", _("系统管理员")
    SECADMIN = "secadmin", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")


class Presence(TextChoices):
    PRESENT = "present", _("在岗")
    BREAK = "break", _("小休")
    AWAY = "away", _("离岗")


class DepartmentKind(TextChoices):
    """What somebody who is asked for help is to us."""

    DEPARTMENT = "department", _("部门")
    STORE = "store", _("门店")
    SUPPLIER = "supplier", _("供应商")
    CARRIER = "carrier", _("承运商")
    LAB = "lab", _("检测机构")
    OTHER = "other", _("其他")


OUTSIDE = (
    DepartmentKind.SUPPLIER,
    DepartmentKind.CARRIER,
    DepartmentKind.LAB,
    DepartmentKind.OTHER,
)

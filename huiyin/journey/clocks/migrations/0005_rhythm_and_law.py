"""Policies that are there already: which are law, which may be suspended, and the new limits of the
product's own (progress, interim). Who has edited a policy keeps the edit; a limit is only added."""

from django.db import migrations

SUSPENDABLE = ("SLA-URG", "SLA-STD", "SLA-CPX", "SLA-ADV")
LAW = ("CN-", "UK-", "US-", "EU-", "AU-")
TERMS = (
    ("SLA-CRIT", "update", 4, "hours", "always", 80),
    ("SLA-CRIT", "interim", 2, "hours", "always", 50),
    ("SLA-URG", "update", 1, "work_days", "office", 80),
    ("SLA-STD", "update", 12, "work_hours", "office", 80),
    ("SLA-CPX", "update", 2, "work_days", "office", 80),
    ("SLA-CPX", "interim", 3, "work_days", "office", 80),
    ("SLA-REG", "update", 1, "work_days", "office", 80),
)


def add(apps, schema_editor):
    policies, terms = apps.get_model("clocks", "Policy"), apps.get_model("clocks", "Term")
    policies.objects.filter(code__in=SUSPENDABLE).update(suspendable=True)
    for prefix in LAW:
        policies.objects.filter(code__startswith=prefix).update(is_law=True)
    there = {policy.code: policy for policy in policies.objects.all()}
    for code, kind, amount, unit, calendar, percent in TERMS:
        if code in there:
            terms.objects.get_or_create(
                policy=there[code],
                kind=kind,
                defaults={
                    "amount": amount,
                    "unit": unit,
                    "calendar_code": calendar,
                    "warn_percent": percent,
                    "pauses_for_customer": False,
                    "pauses_for_testing": False,
                },
            )


class Migration(migrations.Migration):
    dependencies = [("clocks", "0004_requests")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

"""What was asked, answered, disputed and talked of stays as it was said (V35)."""

from django.db import migrations

TRIGGERS = {
    "cooperation_remark": "UPDATE OR DELETE",
    "cooperation_answer": "UPDATE OF text, name, at, by_id, link_id, task_id, leg_id OR DELETE",
    "cooperation_task": "UPDATE OF question, title, complaint_id, part, by_id, at OR DELETE",
    "cooperation_leg": "UPDATE OF task_id, department_id, given_by_id, began_at OR DELETE",
    "cooperation_dispute": "UPDATE OF reason, by_id, at, task_id, leg_id OR DELETE",
    "cooperation_moretime": "UPDATE OF reason, amount, by_id, at, task_id OR DELETE",
}
FORBID = "CREATE TRIGGER stays BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0001_tasks"), ("complaint", "0002_events_stay")]
    operations = [
        migrations.RunSQL(
            [FORBID.format(when, table) for table, when in TRIGGERS.items()],
            [ALLOW.format(table) for table in TRIGGERS],
        )
    ]

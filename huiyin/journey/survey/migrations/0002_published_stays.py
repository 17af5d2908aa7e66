"""What was published stays as it was asked, what was answered as it was answered."""

from django.db import migrations

TRIGGERS = {
    "survey_version": (
        "UPDATE OF questions, greeting_zh, greeting_en, thanks_zh, thanks_en, number, survey_id, "
        "published_at OR DELETE",
        "WHEN (OLD.published_at IS NOT NULL)",
    ),
    "survey_answer": (
        "UPDATE OF said, text, consent, csat, nps, ces, at, invitation_id, version_id, survey_id, "
        "complaint_id, team_id, handler_id, category OR DELETE",
        "",
    ),
    "survey_item": ("UPDATE OR DELETE", ""),
}
FORBID = "CREATE TRIGGER stays BEFORE {} ON {} FOR EACH ROW {} EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_surveys"), ("complaint", "0002_events_stay")]
    operations = [
        migrations.RunSQL(
            [FORBID.format(when, table, only) for table, (when, only) in TRIGGERS.items()],
            [ALLOW.format(table) for table in TRIGGERS],
        )
    ]

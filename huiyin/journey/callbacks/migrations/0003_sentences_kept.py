"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept

# The trigger names the column, so it is put aside while that gets wider.
FORBID = (
    "CREATE TRIGGER stays BEFORE UPDATE OF complaint_id, kind, reason, source, by_id, at OR DELETE "
    "ON callbacks_callback FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
)
ALLOW = "DROP TRIGGER stays ON callbacks_callback;"


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0002_tries_stay"),
    ]

    operations = [
        migrations.RunSQL(ALLOW, FORBID),
        migrations.AlterField(
            model_name="callback",
            name="reason",
            field=huiyin.ground.kept.SentenceField(verbose_name="事由"),
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]

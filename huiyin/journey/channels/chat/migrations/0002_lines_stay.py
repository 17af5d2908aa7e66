"""What was said in a chat stays as it was said."""

from django.db import migrations

TRIGGERS = {
    "chat_line": "UPDATE OR DELETE",
    "chat_chatfile": "UPDATE OR DELETE",
}
FORBID = "CREATE TRIGGER stays BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0001_chats"),
        ("complaint", "0002_events_stay"),
    ]
    operations = [
        migrations.RunSQL(
            [FORBID.format(when, table) for table, when in TRIGGERS.items()],
            [ALLOW.format(table) for table in TRIGGERS],
        )
    ]

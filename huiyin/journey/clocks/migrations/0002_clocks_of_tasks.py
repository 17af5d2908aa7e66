import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_initial"),
        ("complaint", "0003_owner_supervised_barred"),
        ("conversation", "0002_messages_stay"),
        ("people", "0003_departments_directory"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clock",
            name="one_clock_a_kind",
        ),
        migrations.AddField(
            model_name="clock",
            name="department",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.department",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="label",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="clock",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign_in", "签收"),
                    ("first_response", "首次响应"),
                    ("resolution", "解决"),
                    ("feedback", "反馈"),
                    ("visit", "回访"),
                    ("update", "进展告知"),
                    ("interim", "临时措施"),
                    ("task_sign_in", "部门签收"),
                    ("task", "部门答复"),
                    ("supervision", "督办"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="extension",
            name="told",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conversation.message",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign_in", "签收"),
                    ("first_response", "首次响应"),
                    ("resolution", "解决"),
                    ("feedback", "反馈"),
                    ("visit", "回访"),
                    ("update", "进展告知"),
                    ("interim", "临时措施"),
                    ("task_sign_in", "部门签收"),
                    ("task", "部门答复"),
                    ("supervision", "督办"),
                ],
                max_length=16,
                verbose_name="时限",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                models.F("complaint"),
                models.F("kind"),
                models.F("subject"),
                condition=models.Q(("stopped_at", None)),
                name="one_clock_a_subject",
            ),
        ),
    ]

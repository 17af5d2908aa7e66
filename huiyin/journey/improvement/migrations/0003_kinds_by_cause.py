"""Which kind a cause calls for; kinds that were there before get what new installations begin with."""

import django.contrib.postgres.fields
from django.db import migrations, models

BEGIN_WITH = {
    "page": ["CAU.3"],
    "supply": ["CAU.1", "CAU.7"],
    "knowledge": ["CAU.9"],
    "training": ["CAU.5"],
    "it": ["CAU.4"],
    "process": ["CAU.2", "CAU.6", "CAU.8"],
}


def fill(apps, schema_editor):
    kinds = apps.get_model("improvement", "Kind").objects
    for code, causes in BEGIN_WITH.items():
        kinds.filter(code=code, causes=[]).update(causes=causes)


class Migration(migrations.Migration):
    dependencies = [("improvement", "0002_record_stays")]

    operations = [
        migrations.AddField(
            model_name="kind",
            name="causes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                blank=True,
                default=list,
                help_text="核实结论的成因代码，用逗号分开，例如 CAU.1,CAU.7；从结论发起整改时先选这个类型",
                size=None,
                verbose_name="适用的成因",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

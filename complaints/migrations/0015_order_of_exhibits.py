from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0014_opinions_of_notices")]

    operations = [
        migrations.AlterModelOptions(
            name="caseexhibit",
            options={
                "ordering": ["place", "added_at", "pk"],
                "verbose_name": "案件证据",
                "verbose_name_plural": "案件证据",
            },
        ),
        migrations.AddField(
            model_name="caseexhibit",
            name="place",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]

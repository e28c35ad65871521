from django.db import migrations, models

DOORS = [
    ("smtp", "邮件"),
    ("lmtp", "邮件"),
    ("webhook", "邮件"),
    ("imap", "从邮箱取来"),
    ("upload", "上传"),
    ("paste", "粘贴"),
    ("ingest", "命令行"),
    ("screenshot", "图片"),
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0022_search")]

    operations = [
        migrations.AlterField("arrival", "door", models.CharField(choices=DOORS, max_length=10)),
        migrations.AlterField("incomingmail", "door", models.CharField(choices=DOORS, max_length=10)),
    ]

"""`manage.py make_bucket`: the bucket that files go to, made unless it is there."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError
from storages.backends.s3 import S3Storage


class Command(BaseCommand):
    help = "Make the bucket named by S3_BUCKET at S3_ENDPOINT_URL unless it is there. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        files = storages["default"]
        if not isinstance(files, S3Storage):
            self.stdout.write("Files are kept in a folder (S3_BUCKET is not set): no bucket is needed.")
            return
        name, client = files.bucket_name, files.connection.meta.client
        try:
            if name in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
                self.stdout.write(f"The bucket {name} is there.")
                return
            client.create_bucket(Bucket=name)
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"the bucket {name} could not be made: {error}") from error
        self.stdout.write(f"The bucket {name} is made.")

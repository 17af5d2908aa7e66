"""Where common mailboxes are: rows that fill in servers when one is set up."""

import django.core.validators
from django.db import migrations, models

PORT = [
    django.core.validators.MinValueValidator(1),
    django.core.validators.MaxValueValidator(65535),
]
SECURITY = [("tls", "TLS（推荐）"), ("starttls", "STARTTLS"), ("none", "不加密（仅限本机）")]
LOGIN = [("password", "密码或授权码"), ("oauth2", "OAuth2 令牌")]


def secured(label):
    return models.CharField(choices=SECURITY, default="tls", max_length=10, verbose_name=label)


def port(usual, label):
    return models.PositiveIntegerField(default=usual, validators=PORT, verbose_name=label)


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0009_what_the_original_shows"),
    ]

    operations = [
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="服务商")),
                ("imap_host", models.CharField(max_length=200, verbose_name="收信服务器")),
                ("imap_port", port(993, "收信端口")),
                ("imap_security", secured("收信加密")),
                ("smtp_host", models.CharField(max_length=200, verbose_name="发信服务器")),
                ("smtp_port", port(465, "发信端口")),
                ("smtp_security", secured("发信加密")),
                (
                    "login",
                    models.CharField(
                        choices=LOGIN, default="password", max_length=10, verbose_name="登录方式"
                    ),
                ),
                (
                    "oauth_token_url",
                    models.CharField(blank=True, max_length=300, verbose_name="OAuth2 令牌地址"),
                ),
                (
                    "oauth_scope",
                    models.CharField(blank=True, max_length=300, verbose_name="OAuth2 范围"),
                ),
                ("told", models.CharField(blank=True, max_length=200, verbose_name="要做的准备")),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("version", models.CharField(blank=True, max_length=20, verbose_name="版本")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="日期")),
            ],
            options={"ordering": ("pk",)},
        ),
    ]

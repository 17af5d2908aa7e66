"""Every knob: name, default, sentence. All of them are environment variables HUIYIN_… .

`KNOBS` is the table that docs/settings.md is tested against. Nothing else reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent


class Knob(NamedTuple):
    name: str
    default: str
    sentence: str


KNOBS = (
    Knob("DATABASE_URL", "", "PostgreSQL (15 or newer), e.g. postgresql://user:secret@host/huiyin"),
    Knob("HUIYIN_SECRET_KEY", "", "Signs sessions and links; 50 characters or more, kept secret"),
    Knob("HUIYIN_DATA", ".data", "Folder for evidence and, on one machine, the database"),
    Knob("HUIYIN_DEBUG", "0", "1 shows errors in the browser; refused in production"),
    Knob("HUIYIN_DEMO", "0", "1 loads demo data and accounts; set by `dev.py run` only"),
    Knob("HUIYIN_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "Host names served, by comma"),
    Knob("HUIYIN_SECURE", "0", "1 when served over HTTPS: secure cookies and HSTS"),
    Knob("HUIYIN_TRUSTED_PROXIES", "0", "How many proxies of ours stand in front"),
    Knob("HUIYIN_POOL", "0", "Database connections kept per process; 0 opens one per request"),
    Knob("HUIYIN_IDLE_SECONDS", "3600", "A session ends after so long without a person's act"),
    Knob("HUIYIN_UNDO_DAYS", "7", "So many days a merge, split, link or incident can be undone"),
    Knob("HUIYIN_REFUSED_ROUNDS", "3", "After so many refused offers escalation is proposed"),
    Knob("HUIYIN_SILENT_DAYS", "7", "An offer without answer for so many days counts as stuck"),
    Knob("HUIYIN_ONCE_DAYS", "30", "So many days what is written is known again when sent twice"),
    Knob("HUIYIN_LIVE", "1", "0 switches live pages off"),
    Knob(
        "HUIYIN_BASE_URL", "http://127.0.0.1:8000", "Where customers reach you; stands in letters"
    ),
    Knob("HUIYIN_ORGANISATION", "云朵家电商城", "Your name, as customers read it"),
    Knob(
        "HUIYIN_SMTP_HOST", "", "Mail server for outgoing letters; empty keeps them in the outbox"
    ),
    Knob("HUIYIN_SMTP_PORT", "587", "Its port"),
    Knob("HUIYIN_SMTP_USER", "", "Sign-in name there"),
    Knob("HUIYIN_SMTP_PASSWORD", "", "Password there"),
    Knob("HUIYIN_SMTP_TLS", "1", "1 uses STARTTLS, 2 TLS from the first byte, 0 none"),
    Knob("HUIYIN_MAIL_FROM", "noreply@example.com", "Sender of letters"),
    Knob("HUIYIN_MAIL_LARGEST", "26214400", "Bytes of the largest mail that is taken and read"),
    Knob("HUIYIN_MAIL_MOST_FILES", "20", "So many files of one mail become evidence"),
    Knob(
        "HUIYIN_MAIL_MOST_PER_HOUR", "20", "More mails of one sender in an hour wait for a person"
    ),
    Knob(
        "HUIYIN_MAIL_MOST_WATCHED", "40", "So many mailboxes are visited at once, others by turns"
    ),
    Knob("HUIYIN_MAIL_MOST_ROUNDS", "3", "After so many answers at once to ours a sender is held"),
    Knob("HUIYIN_THANKS_A_DAY", "1", "Acknowledgements to one address that nobody vouches for"),
    Knob(
        "HUIYIN_WEBHOOK_INNER_HOSTS",
        "",
        "Hosts of your own network that webhooks may call, by comma: host or host:port",
    ),
    Knob(
        "HUIYIN_EXTRAS",
        "",
        "Packages installed beyond the ordinary, by comma: audio plays and analyses amr, m4a, 3gp, "
        "wma; ocr reads scanned letters",
    ),
    Knob("HUIYIN_NODE_MODULES", "", "Folder of the npm packages; empty: in the checkout"),
    Knob("HUIYIN_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    Knob("TEST_DATABASE_NAME", "", "Name of the test database; set it to run two suites at once"),
)
_DEFAULTS = {knob.name: knob.default for knob in KNOBS}


def knob(name: str) -> str:
    return os.environ.get(name, _DEFAULTS[name])


def switch(name: str) -> bool:
    return knob(name).strip().lower() in {"1", "true", "yes", "on"}


DEBUG = switch("HUIYIN_DEBUG")
DEMO = switch("HUIYIN_DEMO")
DEMO_PASSWORD = "huiyin-demo" if DEMO else ""  # of the demo accounts; none elsewhere
SECURE = switch("HUIYIN_SECURE")
LIVE = switch("HUIYIN_LIVE")
SECRET_KEY = knob("HUIYIN_SECRET_KEY") or "insecure-only-for-tests-and-tools"
ALLOWED_HOSTS = [host.strip() for host in knob("HUIYIN_ALLOWED_HOSTS").split(",") if host.strip()]
TRUSTED_PROXIES = int(knob("HUIYIN_TRUSTED_PROXIES"))
IDLE_SECONDS = int(knob("HUIYIN_IDLE_SECONDS"))
UNDO_DAYS = int(knob("HUIYIN_UNDO_DAYS"))
REFUSED_ROUNDS = int(knob("HUIYIN_REFUSED_ROUNDS"))
ONCE_DAYS = int(knob("HUIYIN_ONCE_DAYS"))
SILENT_DAYS = int(knob("HUIYIN_SILENT_DAYS"))
ORGANISATION = knob("HUIYIN_ORGANISATION")
BASE_URL = knob("HUIYIN_BASE_URL").rstrip("/")
MAIL_LARGEST = int(knob("HUIYIN_MAIL_LARGEST"))
MAIL_MOST_FILES = int(knob("HUIYIN_MAIL_MOST_FILES"))
MAIL_MOST_PER_HOUR = int(knob("HUIYIN_MAIL_MOST_PER_HOUR"))
MAIL_MOST_WATCHED = int(knob("HUIYIN_MAIL_MOST_WATCHED"))
MAIL_MOST_ROUNDS = int(knob("HUIYIN_MAIL_MOST_ROUNDS"))
THANKS_A_DAY = int(knob("HUIYIN_THANKS_A_DAY"))
DATA_DIR = Path(knob("HUIYIN_DATA")).expanduser()
DATA_DIR = DATA_DIR if DATA_DIR.is_absolute() else ROOT / DATA_DIR
EVIDENCE_DIR = DATA_DIR / "evidence"
IMPORTS_DIR = DATA_DIR / "imports"
SMS_DIR = DATA_DIR / "sms"  # of the provider by files

FLOW = "huiyin.flow.FLOW"
SCHEDULE = "huiyin.schedule.SCHEDULE"
# What an article can be for, by code and name: the ground knows neither categories nor remedies.
KNOWLEDGE_FITS = "huiyin.surface.workbench.fits.fits"
# By the purpose of a letter: what puts in the secret that the outbox does not hold.
SEALS = {
    "task_link": "huiyin.journey.cooperation.actions.linking.unsealed",
    "consent_link": "huiyin.journey.consent.actions.unsealed",
    "survey": "huiyin.journey.survey.actions.linking.unsealed",
    "closed": "huiyin.journey.survey.actions.linking.unsealed",  # the link at its end
}

# By the purpose of a letter: what it is about takes the answer (`journey/conversation/answers.py`).
ASKERS = {
    "chat": "huiyin.journey.channels.chat.asker",
    "chat_copy": "huiyin.journey.channels.chat.asker",
}
WRITTEN_BY_PEOPLE = frozenset({"chat"})  # purposes of letters whose words no message holds

# Who carries answers out of the house, by channel (`journey/conversation/ways.py`).
CARRIERS = {
    "email": "huiyin.journey.channels.mail.carrier",
    "letter": "huiyin.journey.channels.paper.carrier",
    "chat": "huiyin.journey.channels.chat.carrier",
    "social": "huiyin.journey.channels.social.carrier",
    "sms": "huiyin.journey.channels.sms.carrier",
    "portal": "huiyin.surface.portal.carrier",
}

# Kinds of outside systems that tell us something (`journey/channels/hooks/connector.py`).
CONNECTORS: dict[str, str] = {
    "cti": "huiyin.journey.channels.phone.connector",
    "webhook": "huiyin.journey.channels.social.connectors.webhook",
    "wechat": "huiyin.journey.channels.social.connectors.wechat",
    "wecom": "huiyin.journey.channels.social.connectors.wecom",
    "mastodon": "huiyin.journey.channels.social.connectors.mastodon",
    "sms_http": "huiyin.journey.channels.sms.connectors.http",
    "sms_files": "huiyin.journey.channels.sms.connectors.files",
}

# What reads an answer to a visitor of a chat before it goes out.
CHAT_CHECK = "huiyin.journey.promises.actions.check_chat"
# What tells an alarm of a chat that cannot wait for the next look.
CHAT_ALARMS = "huiyin.surface.notices.chatting.tell_alarms"

# What each channel says of itself on the page of channels.
CHANNELS = (
    "huiyin.journey.channels.mail.health.rows",
    "huiyin.journey.channels.chat.health.rows",
    "huiyin.journey.channels.phone.health.rows",
    "huiyin.journey.channels.recordings.health.rows",
    "huiyin.journey.channels.paper.health.rows",
    "huiyin.journey.channels.counter.health.rows",
    "huiyin.journey.channels.hooks.health.rows",
    "huiyin.surface.portal.health.rows",
    "huiyin.surface.channels.programs.rows",
)

# Who reads the text on scanned pages, where the extra `ocr` is installed; empty: nobody.
PAPER_READER = "huiyin.journey.channels.paper.reading.recognising.read"

# Who puts a line into the bell of the supervisor whom somebody in a call asks for.
CALL_NOTICES = "huiyin.surface.notices.calling.tell_of_call"

# By the first word of a call's subject ("step:17"): who is told what became of it.
WEBHOOK_LISTENERS = {
    "step": "huiyin.journey.execution.actions.heard",
    "recall": "huiyin.journey.execution.actions.heard",
}
WEBHOOK_INNER_HOSTS = tuple(
    host.strip().lower() for host in knob("HUIYIN_WEBHOOK_INNER_HOSTS").split(",") if host.strip()
)

# In travelling order; a test keeps it equal to the layers contract in pyproject.toml.
HUIYIN_APPS = [
    "huiyin.ground.search",
    "huiyin.ground.conditions",
    "huiyin.ground.worktime",
    "huiyin.ground.web",
    "huiyin.ground.people",
    "huiyin.ground.customers",
    "huiyin.ground.privacy",
    "huiyin.ground.knowledge",
    "huiyin.ground.webhooks",
    "huiyin.journey.complaint",
    "huiyin.journey.conversation",
    "huiyin.journey.intake",
    "huiyin.journey.triage",
    "huiyin.journey.routing",
    "huiyin.journey.clocks",
    "huiyin.journey.grouping",
    "huiyin.journey.cooperation",
    "huiyin.journey.supervision",
    "huiyin.journey.callbacks",
    "huiyin.journey.channels.hooks",
    "huiyin.journey.channels.mail",
    "huiyin.journey.channels.chat",
    "huiyin.journey.channels.phone",
    "huiyin.journey.channels.paper",
    "huiyin.journey.channels.counter",
    "huiyin.journey.channels.social",
    "huiyin.journey.channels.sms",
    "huiyin.journey.channels.recordings",
    "huiyin.journey.investigation",
    "huiyin.journey.guidance",
    "huiyin.journey.resolution",
    "huiyin.journey.consent",
    "huiyin.journey.execution",
    "huiyin.journey.promises",
    "huiyin.journey.closure",
    "huiyin.journey.survey",
    "huiyin.journey.improvement",
    "huiyin.surface.notices",
    "huiyin.surface.workbench",
    "huiyin.surface.inbox",
    "huiyin.surface.composer",
    "huiyin.surface.dossier",
    "huiyin.surface.portal",
    "huiyin.surface.desk",
    "huiyin.surface.channels",
    "huiyin.surface.oversight",
    "huiyin.surface.console",
    "huiyin.surface.operation",
    "huiyin.surface.exchange",
    "huiyin.surface.demo",
    "huiyin.surface.bench",
]
HUIYIN_APPS = [
    app for app in HUIYIN_APPS if (ROOT / app.replace(".", "/") / "__init__.py").is_file()
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "ninja",
    "procrastinate.contrib.django",
    *HUIYIN_APPS,
]

MIDDLEWARE = [
    "huiyin.ground.web.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiyin.ground.web.middleware.AddressMiddleware",
    "huiyin.ground.web.middleware.IdleMiddleware",
    "huiyin.ground.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.ground.web.middleware.SignedOutMiddleware",
    "huiyin.ground.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "huiyin.urls"
ASGI_APPLICATION = "huiyin.asgi.application"
WSGI_APPLICATION = "huiyin.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.surface.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
            ],
        },
    }
]

# --- database -------------------------------------------------------------------------------------

try:
    DATABASE_DSN = knob("DATABASE_URL") or "postgresql:///huiyin"
    _database = conninfo_to_dict(DATABASE_DSN)
except ProgrammingError as error:
    raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {error}") from error

_pool = int(knob("HUIYIN_POOL"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "huiyin"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": str(_database.pop("port", "")),
        # Persistent connections fail under ASGI (measured: hundreds of errors); a pool does not.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **_database,
            **(
                {"pool": {"min_size": 2, "max_size": _pool, "timeout": 15}}
                if _pool
                else {"connect_timeout": 10}
            ),
        },
        "TEST": {"NAME": knob("TEST_DATABASE_NAME") or None},
    }
}
# Figures of some seconds and tries per address; Django's own 300 entries would push those out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["huiyin.ground.people.backend.PeopleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-huiyin" if SECURE else "huiyin"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "huiyin_csrf"
CSRF_FAILURE_VIEW = "huiyin.ground.web.views.csrf_failed"

# --- safety ---------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-src": [SELF],  # the original of a mail, itself sandboxed
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 40  # each form has a limit of its own, and says so
FILE_UPLOAD_PERMISSIONS = 0o600

# --- language, time -------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "huiyin_language"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
_npm = Path(knob("HUIYIN_NODE_MODULES") or ROOT / "node_modules")
FONT_PACKAGE = _npm / "@fontsource-variable/noto-sans-sc"  # what PDF are printed with
EMOJI_PACKAGE = _npm / "@fontsource/noto-emoji"
FONT_FOLDERS = (  # where a character is looked for that neither of them has
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
STATICFILES_DIRS = [
    (prefix, folder)
    for prefix, folder in (
        ("vendor/tabler", _npm / "@tabler/core/dist"),
        ("vendor/htmx", _npm / "htmx.org/dist"),
        ("vendor/echarts", _npm / "echarts/dist"),
        ("vendor/tom-select", _npm / "tom-select/dist"),
    )
    if folder.is_dir()
]
ICONS_DIR = _npm / "lucide-static" / "icons"
WHITENOISE_USE_FINDERS = True  # one machine, one command: no collectstatic step
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 60

# --- letters --------------------------------------------------------------------------------------

EMAIL_HOST = knob("HUIYIN_SMTP_HOST")
EMAIL_PORT = int(knob("HUIYIN_SMTP_PORT"))
EMAIL_HOST_USER = knob("HUIYIN_SMTP_USER")
EMAIL_HOST_PASSWORD = knob("HUIYIN_SMTP_PASSWORD")
EMAIL_USE_TLS = knob("HUIYIN_SMTP_TLS") == "1"
EMAIL_USE_SSL = knob("HUIYIN_SMTP_TLS") == "2"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = knob("HUIYIN_MAIL_FROM")

# --- logs -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": knob("HUIYIN_LOG_LEVEL")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

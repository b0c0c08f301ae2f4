"""Settings of one installation, read once from the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from core.outbound import Outbound

ROOT = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip()
    if text not in {"", "0", "1"}:
        raise ValueError(f"{name} must be 1 or 0, not {text!r}")
    return default if text == "" else text == "1"


def _number(name: str, default: int, most: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise ValueError(f"{name} must be a number from 0 to {most}, not {text!r}")
    return int(text)


def _hosts(text: str) -> str:
    try:
        Outbound.of(text)
    except ValueError as error:
        raise ValueError(f"HUIYIN_OUTBOUND_HOSTS: {error}") from error
    return text


def _instance() -> Path:
    return Path(os.environ.get("HUIYIN_INSTANCE") or ROOT / "instance").resolve()


@dataclass(frozen=True)
class Config:
    """What differs between installations. Each field is documented in docs/settings.md."""

    instance: Path = field(default_factory=_instance)
    database_url: str = ""
    key_file: Path | None = None
    county: str = "云阳县"
    https: bool = False
    trusted_proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    base_url: str = ""
    outbound_hosts: str = ""

    @classmethod
    def from_env(cls) -> "Config":
        """Read HUIYIN_* and DATABASE_URL; ValueError names the variable that cannot be read."""
        env = os.environ
        return cls(
            database_url=env.get("DATABASE_URL", ""),
            key_file=Path(env["HUIYIN_KEY_FILE"]) if env.get("HUIYIN_KEY_FILE") else None,
            county=env.get("HUIYIN_COUNTY") or cls.county,
            https=_flag("HUIYIN_HTTPS", False),
            trusted_proxies=_number("HUIYIN_TRUSTED_PROXIES", cls.trusted_proxies, 9),
            host=env.get("HUIYIN_HOST") or cls.host,
            port=_number("HUIYIN_PORT", cls.port, 65535),
            demo=_flag("HUIYIN_DEMO", False),
            smtp_url=env.get("HUIYIN_SMTP_URL", ""),
            mail_from=env.get("HUIYIN_MAIL_FROM", ""),
            base_url=env.get("HUIYIN_BASE_URL", ""),
            outbound_hosts=_hosts(env.get("HUIYIN_OUTBOUND_HOSTS", "")),
        )

    @property
    def url(self) -> str:
        """The database address; SQLite inside the instance folder unless DATABASE_URL says otherwise."""
        return self.database_url or f"sqlite:///{self.instance / 'huiyin.db'}"

    @property
    def mails(self) -> bool:
        """Whether there is a mail server to send by."""
        return bool(self.smtp_url and self.mail_from)

    @property
    def site(self) -> str:
        """The address of the site without a slash at its end, "" when it is not set."""
        return self.base_url.rstrip("/")

    @property
    def outbound(self) -> Outbound:
        """The hosts that robots and webhooks may be sent to."""
        return Outbound.of(self.outbound_hosts)

    @property
    def keys(self) -> Path:
        """The file of the master key; never inside the database or the source tree."""
        return self.key_file or self.instance / "master.key"

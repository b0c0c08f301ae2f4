"""E-mail of a notice. It names the case by number only: the citizen's words never leave the house."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from core.config import Config
from core.people import Person
from escalation.notice_words import due_text, notice_text
from escalation.validity import Told

CHANNEL = "email"
TIMEOUT = 15  # seconds for each step of the talk
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def message(told: Told, person: Person, copy_id: int, config: Config) -> EmailMessage:
    """Always the same Message-ID for one notice and person, so that a repeat is seen as a repeat."""
    number, rung = told.notice.number, notice_text(told.notice, told.clock)
    made = EmailMessage()
    made["Message-ID"] = f"<{number}.{person.id}@{config.mail_from.rpartition('@')[2]}>"
    made["From"], made["To"] = config.mail_from, person.email
    made["Subject"] = f"【{rung.name}】{told.unit.short_name} 编号{number}"
    lines = [
        f"{person.name}：",
        "",
        rung.sentence,
        f"承办单位：{told.unit.name}",
        f"到期时间：{due_text(told.clock)}",
        f"通知编号：{number}（同一编号重复收到时，以一件计）",
    ]
    if config.base_url:
        lines.append(f"登录查看：{config.base_url.rstrip('/')}/inbox/{copy_id}")
    made.set_content("\n".join(lines) + "\n")
    return made


def send(url: str, mail: EmailMessage) -> None:
    """smtp:// plain, smtp+starttls:// or smtps://, with user:password@ if needed.

    Raises OSError, smtplib.SMTPException or ValueError (a setting or an address that cannot be used).
    """
    to = urlsplit(url)
    if to.scheme not in PORTS:
        raise ValueError(f"HUIYIN_SMTP_URL: {to.scheme}")
    with _connected(to) as server:
        if to.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if to.username:
            server.login(unquote(to.username), unquote(to.password or ""))
        server.send_message(mail)


def _connected(to: SplitResult) -> smtplib.SMTP:
    host, port = to.hostname or "localhost", to.port or PORTS[to.scheme]
    if to.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT)

"""E-mail of notices. It names the case by number only: the citizen's words never leave the house."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from core.config import Config
from escalation.digest import ONCE, Item, Letter, groups, heading
from escalation.line import Answer, Watch

TIMEOUT = 15  # seconds for each step of the talk
WHOLE = 90  # seconds for the whole of it
FAILURES = (OSError, smtplib.SMTPException, ValueError)
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def message(letter: Letter, name: str, address: str, config: Config) -> EmailMessage:
    """Always the same Message-ID for one batch, so that a repeat is seen as a repeat. ValueError: no such address."""
    made = EmailMessage()
    made["Message-ID"] = f"<{letter.key}@{config.mail_from.rpartition('@')[2]}>"
    made["From"], made["To"] = config.mail_from, address
    if len(made["To"].addresses) != 1:
        raise ValueError("not one address")
    made["Subject"] = f"【回音】{heading(letter)}"
    body = _one if len(letter.items) == 1 else _many
    made.set_content("\n".join([f"{name}：", "", *body(letter, config.site)]) + "\n")
    return made


def _one(letter: Letter, base_url: str) -> Iterator[str]:
    (item,) = letter.items
    yield item.sentence
    yield f"承办单位：{item.unit}"
    yield f"到期时间：{item.due}"
    if item.late:
        yield f"本通知{item.late}"
    yield f"通知编号：{item.number}（{ONCE}）"
    if base_url:
        yield f"登录查看：{_address(item, base_url)}"


def _many(letter: Letter, base_url: str) -> Iterator[str]:
    yield f"{heading(letter)}。"
    for group in groups(letter.items):
        yield f"\n{group.name}　{group.unit}　{len(group.items)}件"
        yield from (
            f"  编号{item.number}　{item.due}到期{'　' + item.late if item.late else ''}"
            for item in group.items
        )
    if letter.items:
        yield f"\n{ONCE}。"
    if base_url:
        yield f"登录查看：{base_url}/inbox"


def _address(item: Item, base_url: str) -> str:
    return f"{base_url}/inbox/{item.copy_id}" if item.copy_id else f"{base_url}/inbox"


def send(url: str, mail: EmailMessage) -> Answer:
    """smtp:// plain, smtp+starttls:// or smtps://, with user:password@ if needed. A failure is an answer as well."""
    watch = Watch(WHOLE)
    try:
        to = urlsplit(url)
        server = _connected(to)
    except FAILURES as error:
        return _not_said(error)
    try:
        watch.over(server.sock)  # type: ignore[arg-type]  # it is connected
        _prepare(server, to)
        answer = _handed_over(server, mail)
        # half an answer looks like a whole one that is short
        return Answer("超时，没有收到完整的回答", maybe=True) if watch.cut else answer
    except FAILURES as error:
        return _not_said(error)
    finally:
        _goodbye(server)
        watch.end()


def _connected(to: SplitResult) -> smtplib.SMTP:
    if to.scheme not in PORTS:
        raise ValueError("HUIYIN_SMTP_URL")
    host, port = to.hostname or "localhost", to.port or PORTS[to.scheme]
    if to.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT)


def _prepare(server: smtplib.SMTP, to: SplitResult) -> None:
    if to.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if to.username:
        server.login(unquote(to.username), unquote(to.password or ""))


def _not_said(error: Exception) -> Answer:
    """What failed before the letter: it has certainly not arrived."""
    match error:
        case smtplib.SMTPResponseException():
            return Answer(f"SMTP {error.smtp_code}")
        case ssl.SSLCertVerificationError():
            return Answer("邮件服务器的证书不可信")
        case _:
            return Answer(f"连接不上邮件服务器（{type(error).__name__}）")


def _handed_over(server: smtplib.SMTP, mail: EmailMessage) -> Answer:
    """Once the letter is on its way, silence does not mean that it was not taken."""
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        return Answer(f"SMTP {next(iter(error.recipients.values()))[0]}，收件地址被拒收")
    except smtplib.SMTPResponseException as error:
        return Answer(f"SMTP {error.smtp_code}")
    except ValueError:
        return Answer("地址或标题里有不能用的字符，没有发出")
    except (OSError, smtplib.SMTPException):
        return Answer("连接中断，没有收到回答", maybe=True)
    return Answer("SMTP 250", ok=True)


def _goodbye(server: smtplib.SMTP) -> None:
    """The letter was taken or not; a server that does not answer QUIT changes nothing about it."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(1)
            server.quit()
    server.close()

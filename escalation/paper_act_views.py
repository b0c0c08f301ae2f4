"""POST /papers/<id>/<act>: check that the paper is still as it was seen, call one verb, show where it stands."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from core.clock import now
from core.people import Actor
from core.permits import Permit
from core.web import config, db, me, see_other, show, staff
from escalation import paper_drafts, paper_issue, paper_page, paper_replies
from escalation.jobs import issuer_of
from escalation.models import Clock
from escalation.paper_drafts import PaperRefused
from escalation.paper_forms import EditForm, PaperForm, edit_form, member
from escalation.paper_models import Paper, PaperCase, PaperTalk
from escalation.paper_page import Sent
from escalation.paper_stages import IllegalPaperMove, NotYourPaper, PaperAct
from escalation.paper_words import act_name, last_act, moment
from escalation.papers import find_asked, find_paper

DOUBLE_CLICK = timedelta(seconds=10)
NOT_SENT = "您填的内容没有提交，请核对后再提交。"


class Moved(Exception):
    """The paper is no longer as this person saw it; says in Chinese who did what."""


class Repeated(Exception):
    """The very act that this person carried out a moment ago: a second click."""


class Incomplete(Exception):
    """The form says itself what is missing."""


def load(session: Session, paper_id: int, act: PaperAct | None = None) -> Paper:
    """The paper for this person, else 404; a unit that is asked for its statement reaches the draft for that."""
    asked = act is PaperAct.STATE
    paper = (find_asked if asked else find_paper)(session, paper_id, me())
    if paper is None:
        abort(404)
    return paper


@staff(Permit.PAPERS)
def carry_out(paper_id: int, name: str) -> Response:
    """Every act of the table of moves."""
    act, at = member(PaperAct, name), now()
    if act is None:
        abort(404)
    with db().reading() as session:
        form = sent_form(session, load(session, paper_id, act), act, at)
    try:
        _carry_out(paper_id, act, form, at)
    except Repeated:
        return _after(paper_id, act)
    except NotYourPaper:
        abort(404)
    except (Incomplete, PaperRefused) as refusal:
        beside(form, refusal)
        return again(paper_id, act, form, at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Moved, IllegalPaperMove) as moved:
        return again(paper_id, act, form, at, status=HTTPStatus.CONFLICT, conflict=str(moved))
    flash(f"已{act.label}")
    return _after(paper_id, act)


def _after(paper_id: int, act: PaperAct) -> Response:
    return see_other("papers.statement" if act is PaperAct.STATE else "papers.show_paper", paper_id=paper_id)


def sent_form(session: Session, paper: Paper, act: PaperAct, at: datetime) -> PaperForm:
    """The form of the act as it was sent."""
    if act is PaperAct.EDIT:
        return draft_form(session, paper, request.form)
    return paper_page.new_form(act, request.form, paper, at=at)


def draft_form(session: Session, paper: Paper, values: Any) -> EditForm:
    """The wording of a draft as it stands, or as it was sent."""
    rows = select(Clock.id, Clock.label).join(PaperCase, PaperCase.clock_id == Clock.id)
    listed = session.execute(rows.where(PaperCase.paper_id == paper.id).order_by(Clock.due_at, Clock.id))
    return edit_form(values, paper, session.get(PaperTalk, paper.id), [(key, label) for key, label in listed])


def _carry_out(paper_id: int, act: PaperAct, form: PaperForm, at: datetime) -> None:
    """One transaction. Raises what stops it."""
    try:
        with db().writing() as session:
            paper = load(session, paper_id, act)
            _still_as_seen(session, paper, act, form, at)
            if not form.validate():
                raise Incomplete
            VERBS[act](session, paper, form, me(), at)
    except StaleDataError:
        raise Moved(f"此件刚刚被他人更新。{NOT_SENT}") from None


def _still_as_seen(session: Session, paper: Paper, act: PaperAct, form: PaperForm, at: datetime) -> None:
    """A form without a readable version is taken for an old one."""
    if form.version.data == paper.version:
        return
    last = last_act(session, paper)
    if last is None:
        raise Moved(f"此件已更新。{NOT_SENT}")
    mine = last.by_id == me().id
    if mine and last.act == f"paper:{act}" and at - last.at <= DOUBLE_CLICK:
        raise Repeated
    who = "您" if mine else last.by_name
    raise Moved(f"此件已更新：{who}已于{moment(last.at)}{act_name(last.act)}。{NOT_SENT}")


def beside(form: PaperForm, refusal: Exception) -> None:
    """The reason stands at its field, or at the head of the form."""
    if isinstance(refusal, Incomplete):
        return
    field = form._fields.get(refusal.field) if isinstance(refusal, PaperRefused) else None
    if field is None:
        form.form_errors.append(str(refusal))
    else:
        field.errors = [*field.errors, str(refusal)]


def again(
    paper_id: int, act: PaperAct, form: PaperForm, at: datetime, *, status: int, conflict: str = ""
) -> Response:
    """The same page with everything that was typed."""
    with db().reading() as session:
        paper = load(session, paper_id, act)
        if act is PaperAct.STATE:
            return show("papers/statement.html", status=status, paper=paper, form=form, conflict=conflict)
        page = paper_page.build(session, paper, me(), at=at, sent=Sent(act, form))
    if act is PaperAct.EDIT and page.may_edit:
        return show("papers/edit.html", status=status, paper=page, form=form, conflict=conflict)
    kept = () if page.offers(act) else _typed(form)
    words = conflict or ("" if page.offers(act) else "；".join(_reasons(form)))
    return show("papers/paper.html", status=status, paper=page, conflict=words, kept=kept)


def _reasons(form: PaperForm) -> Iterator[str]:
    yield from form.form_errors
    for field in form:
        yield from field.errors


def _typed(form: PaperForm) -> tuple[tuple[str, str], ...]:
    """What was typed into a form that is not on the page any more."""
    typed = ((field.label.text, field.data) for field in form.asked)
    return tuple((label, data) for label, data in typed if isinstance(data, str) and data)


def _edit(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.edit(session, paper, form.wording, talk=form.plan, cases=form.kept, by=by, at=at)


def _ask(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.ask_statement(session, paper, due=form.due.data, by=by, at=at)


def _state(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.state(session, paper, text=form.text.data, by=by, at=at)


def _no_statement(session: Session, paper: Paper, _form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.no_statement(session, paper, by=by, at=at)


def _approve(session: Session, paper: Paper, _form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.approve(session, paper, by=by, at=at)


def _issue(session: Session, paper: Paper, _form: Any, by: Actor, at: datetime) -> None:
    paper_issue.issue(session, paper, issuer_of(config()), by=by, at=at)


def _drop(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_drafts.drop(session, paper, reason=form.reason.data, by=by, at=at)


def _sign(session: Session, paper: Paper, _form: Any, by: Actor, at: datetime) -> None:
    paper_replies.sign(session, paper, by=by, at=at)


def _feed_back(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_replies.feed_back(session, paper, text=form.text.data, by=by, at=at)


def _send_back(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    again = {"reason": form.reason.data, "reply_due": form.reply_due.data}
    paper_replies.send_back(session, paper, **again, by=by, at=at)


def _record_talk(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_replies.record_talk(session, paper, form.talked, by=by, at=at)


def _lift(session: Session, paper: Paper, form: Any, by: Actor, at: datetime) -> None:
    paper_replies.lift(session, paper, ruling=form.ruling.data, by=by, at=at)


VERBS: dict[PaperAct, Callable[[Session, Paper, Any, Actor, datetime], None]] = {
    PaperAct.EDIT: _edit,
    PaperAct.ASK_STATEMENT: _ask,
    PaperAct.STATE: _state,
    PaperAct.NO_STATEMENT: _no_statement,
    PaperAct.APPROVE: _approve,
    PaperAct.ISSUE: _issue,
    PaperAct.DROP: _drop,
    PaperAct.SIGN: _sign,
    PaperAct.FEED_BACK: _feed_back,
    PaperAct.SEND_BACK: _send_back,
    PaperAct.RECORD_TALK: _record_talk,
    PaperAct.LIFT: _lift,
}

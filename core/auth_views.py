"""Signing in and out, one's own password, and how one likes the pages."""

from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from core import signin
from core.clock import now
from core.fields import filled, one_line
from core.people import Person
from core.permits import Permit
from core.web import config, db, me, public, see_other, show, staff

bp = Blueprint("auth", __name__)
YEAR = 365 * 24 * 3600
PREFS = {"theme": ("light", "dark"), "text_size": ("normal", "large", "xlarge")}
TOO_LONG = Length(max=200, message="密码最多200位")


class LoginForm(Form):
    login = StringField(
        "登录名", [filled("请填写登录名"), Length(max=64, message="登录名最多64个字")], [one_line]
    )
    password = PasswordField("密码", [filled("请填写密码"), TOO_LONG])


class PasswordForm(Form):
    old = PasswordField("现在的密码", [filled("请填写现在的密码"), TOO_LONG])
    new = PasswordField(
        "新密码",
        [filled("请填写新密码"), TOO_LONG],
        description="至少12位，数字、小写字母、大写字母、符号中至少三种",
    )
    again = PasswordField("再输一遍新密码", [EqualTo("new", "两次输入的新密码不一样")])


def _inside(target: str) -> str:
    """Only a path of this site; anything else falls back to the front page."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and not target.startswith("//") else url_for("front")


def _login_page(form: LoginForm, *, refused: str = "", status: int = 200) -> Response:
    return show(
        "auth/login.html", form=form, refused=refused, next=request.args.get("next") or None, status=status
    )


@bp.get("/login")
@public
def login() -> Response:
    return _login_page(LoginForm())


@bp.post("/login")
@public
def login_submit() -> Response:
    form = LoginForm(request.form)
    if not form.validate():
        return _login_page(form, status=422)
    at, token, refused = now(), "", ""
    with db().writing() as writing:
        try:
            person = signin.prove(
                writing, form.login.data or "", form.password.data or "", address=_address(), at=at
            )
            signin.end_session(writing, session.get("sid"), at=at)
            token = signin.open_session(writing, person, at=at)
        except signin.SignInRefused as error:
            refused = str(error)  # the failed try is committed with the block
    if refused:
        return _login_page(form, refused=refused, status=422)
    _carry(token)
    return redirect(_inside(request.args.get("next", "")), code=303)


def _address() -> str:
    return request.remote_addr or ""


def _carry(token: str) -> None:
    """A fresh cookie for a fresh session: nothing of the time before goes over."""
    session.clear()
    session["sid"] = token


@bp.post("/logout")
@staff(Permit.SIGNED_IN)
def logout() -> Response:
    with db().writing() as writing:
        signin.sign_out(writing, session["sid"], by=me(), at=now())
    session.clear()
    flash("已退出登录")
    return see_other("auth.login")


def _password_page(form: PasswordForm, person: Person, *, status: int = 200) -> Response:
    return show("auth/password.html", form=form, forced=person.must_change, status=status)


@bp.get("/password")
@staff(Permit.SIGNED_IN)
def password() -> Response:
    with db().reading() as reading:
        return _password_page(PasswordForm(), reading.get_one(Person, me().id))


@bp.post("/password")
@staff(Permit.SIGNED_IN)
def password_submit() -> Response:
    form, at = PasswordForm(request.form), now()
    with db().writing() as writing:
        person = writing.get_one(Person, me().id)
        if not (form.validate() and _usable(form, person) and _proved(writing, form, person, at)):
            return _password_page(form, person, status=422)
        signin.change_password(writing, person, form.new.data or "", by=me(), at=at)
        token = signin.open_session(writing, person, at=at)
    _carry(token)
    flash("密码已修改")
    return see_other("front")


def _usable(form: PasswordForm, person: Person) -> bool:
    faults = signin.password_faults(form.new.data or "", login=person.login)
    if form.new.data == form.old.data:
        faults.append("新密码不能与现在的密码相同")
    form.new.errors = faults
    return not faults


def _proved(writing: Session, form: PasswordForm, person: Person, at: datetime) -> bool:
    """The old password counts as a try: a browser left open is no way to guess it."""
    try:
        signin.prove(writing, person.login, form.old.data or "", address=_address(), at=at)
    except signin.SignInRefused as error:
        form.old.errors = ["现在的密码不对" if error.wrong else str(error)]
        return False
    return True


@bp.post("/prefs")
@public
def prefs() -> Response:
    """Theme and text size, kept in the browser for a year."""
    response = make_response(redirect(_inside(request.form.get("next", "")), code=303))
    for name, allowed in PREFS.items():
        value = request.form.get(name)
        if value in allowed:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=config().https)
    return response

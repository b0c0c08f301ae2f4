"""Signing in and out, one's own password, and how one likes the pages."""

from flask import Blueprint, flash, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo

from core import signin
from core.clock import now
from core.people import Person
from core.permits import Permit
from core.web import config, db, me, public, see_other, show, staff

bp = Blueprint("auth", __name__)
YEAR = 365 * 24 * 3600
PREFS = {"theme": ("light", "dark"), "text": ("normal", "large", "xlarge"), "keys": ("on", "off")}


class LoginForm(Form):
    login = StringField("登录名", [DataRequired("请填写登录名")])
    password = PasswordField("密码", [DataRequired("请填写密码")])


class PasswordForm(Form):
    old = PasswordField("现在的密码", [DataRequired("请填写现在的密码")])
    new = PasswordField(
        "新密码", [DataRequired("请填写新密码")], description="至少12位，数字、大小写字母、符号中至少三种"
    )
    again = PasswordField("再输一遍新密码", [EqualTo("new", "两次输入的新密码不一样")])


def _safe_next() -> str:
    """Only a path of this site; anything else falls back to the front page."""
    target = request.args.get("next", "")
    inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside else url_for("front")


@bp.get("/login")
@public
def login() -> Response:
    return show("auth/login.html", form=LoginForm(), refused="")


@bp.post("/login")
@public
def login_submit() -> Response:
    form = LoginForm(request.form)
    if not form.validate():
        return show("auth/login.html", form=form, refused="", status=422)
    at, token, refused = now(), "", ""
    with db().writing() as writing:
        try:
            address = request.remote_addr or ""
            token = signin.sign_in(writing, form.login.data, form.password.data, address=address, at=at)
        except signin.SignInRefused as error:
            refused = str(error)
    if refused:
        return show("auth/login.html", form=form, refused=refused, status=422)
    session.clear()
    session["sid"] = token
    return redirect(_safe_next(), code=303)


@bp.post("/logout")
@staff(Permit.SIGNED_IN)
def logout() -> Response:
    with db().writing() as writing:
        signin.sign_out(writing, session["sid"], by=me(), at=now())
    session.clear()
    flash("已退出登录")
    return see_other("auth.login")


@bp.get("/password")
@staff(Permit.SIGNED_IN)
def password() -> Response:
    return show("auth/password.html", form=PasswordForm())


@bp.post("/password")
@staff(Permit.SIGNED_IN)
def password_submit() -> Response:
    form = PasswordForm(request.form)
    with db().writing() as writing:
        person = writing.get_one(Person, me().id)
        if not (form.validate() and _usable(form, person)):
            return show("auth/password.html", form=form, status=422)
        signin.change_password(writing, person, form.new.data or "", by=me(), at=now())
    session.clear()
    flash("密码已修改，请用新密码登录")
    return see_other("auth.login")


def _usable(form: PasswordForm, person: Person) -> bool:
    faults = signin.password_faults(form.new.data or "", login=person.login)
    if form.new.data == form.old.data:
        faults.append("新密码不能与现在的密码相同")
    form.new.errors = faults
    if not signin.matches(person.password_hash, form.old.data or ""):
        form.old.errors = ["现在的密码不对"]
        return False
    return not faults


@bp.post("/prefs")
@public
def prefs() -> Response:
    """Theme, text size and single keys, kept in the browser for a year."""
    back = request.form.get("back", "")
    safe = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = make_response(redirect(back if safe else url_for("front"), code=303))
    for name, allowed in PREFS.items():
        value = request.form.get(name)
        if value in allowed:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=config().https)
    return response

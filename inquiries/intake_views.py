"""The intake console."""

from flask import Blueprint

bp = Blueprint("intake", __name__)

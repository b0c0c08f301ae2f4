"""Case list and case page."""

from flask import Blueprint

bp = Blueprint("cases", __name__)

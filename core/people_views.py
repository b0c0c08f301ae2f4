"""People, units and the audit page."""

from flask import Blueprint

bp = Blueprint("people", __name__)

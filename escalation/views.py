"""The inbox of notices."""

from flask import Blueprint

bp = Blueprint("notices", __name__)
patterns_bp = Blueprint("patterns", __name__)

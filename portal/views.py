"""The citizen's letter and query pages."""

from flask import Blueprint

bp = Blueprint("portal", __name__)

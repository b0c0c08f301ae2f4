"""The desk: what is due, near, overdue."""

from flask import Blueprint

bp = Blueprint("desk", __name__)

"""Health of the process and its jobs."""

from flask import Blueprint

bp = Blueprint("health", __name__)

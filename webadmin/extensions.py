"""Flask's extensions, made once and bound to each application."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from webadmin import language

babel = Babel()
csrf = CSRFProtect()


def init(app: Flask) -> None:
    """Bind them to `app`."""
    babel.init_app(app, default_translation_directories="translations", locale_selector=lambda: str(language.chosen()))
    csrf.init_app(app)

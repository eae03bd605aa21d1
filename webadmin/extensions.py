"""Flask's extensions, made once and bound to each application."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_translations
from flask_wtf import CSRFProtect

from webadmin import language

babel = Babel()
csrf = CSRFProtect()


def init(app: Flask) -> None:
    """Bind them to `app`."""
    babel.init_app(app, default_translation_directories="translations", locale_selector=lambda: str(language.chosen()))
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Babel's
        gettext=lambda text: _texts().ugettext(text),
        ngettext=lambda one, many, count: _texts().ungettext(one, many, count),
        newstyle=True,
    )
    csrf.init_app(app)


def _texts() -> Any:
    """Return the texts in the language of this request, looked for once: a page asks for a hundred of them."""
    if not has_request_context():
        return get_translations()
    found = getattr(request, "texts", None)
    if found is None:
        found = request.texts = get_translations()  # type: ignore[attr-defined]
    return found

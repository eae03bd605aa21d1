"""Security headers of every answer: nothing is loaded but this site's own files, nothing inline, nobody frames it."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; style-src 'self'{nonce}; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def style_nonce() -> str:
    """Return what a script of this answer must name to add a style sheet; only pages that ask allow any."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def init(app: Flask) -> None:
    """Add the headers to every answer of `app`."""
    app.jinja_env.globals["style_nonce"] = style_nonce

    @app.after_request
    def secured(response: Response) -> Response:
        nonce = f" 'nonce-{g.style_nonce}'" if "style_nonce" in g else ""
        response.headers.update({**HEADERS, "Content-Security-Policy": POLICY.format(nonce=nonce)})
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.vary.update(("Accept-Language", "Cookie"))
        return response

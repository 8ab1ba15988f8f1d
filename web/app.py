"""``create_app``: the Flask application of an instance."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from core.instance import Instance
from web.api import views as api
from web.kit.access import init_access
from web.kit.connection import init_connection
from web.kit.demo import is_demo
from web.kit.errors import init_errors
from web.kit.filters import init_filters
from web.kit.headers import init_headers
from web.kit.language import init_language
from web.kit.limits import Rate, init_limits
from web.kit.render import EXTENSION, init_render
from web.kit.session import init_session
from web.kit.uploads import init_uploads
from web.pages import blueprints

LOG_IN_LIMIT = "20 per minute"
"""For each address; an office behind one address still gets its people in. Accounts lock by themselves."""
CALL_LIMIT = "1200 per minute"
"""For each address: another system may send its day's work in one go, but not keep everybody else waiting."""


def create_app(instance: Instance, **overrides: Any) -> Flask:
    """The application that serves ``instance``.

    Args:
        overrides: Flask settings (tests switch the rate limit off).
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=instance.settings.secret_key(),
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI="memory://",
        FAZHI_DEMO=lambda: is_demo(instance),
    )
    if instance.settings.proxies:
        hops = instance.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
        app.config.update(SESSION_COOKIE_SECURE=True)
    app.config.update(overrides)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = instance
    # The order is the order of the hooks: size limits, connection, who asks, may he, then the form token.
    init_headers(app)
    init_uploads(app)
    init_connection(app)
    init_language(app, (platform.translations for platform in instance.plugins.platforms if platform.translations))
    init_session(app, instance)
    init_access(app)
    forms = CSRFProtect(app)
    init_filters(app)
    init_render(app)
    init_errors(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    forms.exempt(api.pages)  # a key in a header, never a cookie: no other site can make a browser send it
    app.register_blueprint(api.pages)
    for platform in instance.plugins.platforms:
        for blueprint in platform.blueprints(instance) if platform.blueprints else ():
            app.register_blueprint(blueprint)
    log_ins = ("session.log_in", "session.activate", "session.password")
    calls = (endpoint for endpoint in app.view_functions if endpoint.startswith(f"{api.pages.name}."))
    init_limits(app, {**dict.fromkeys(log_ins, Rate(LOG_IN_LIMIT, ("POST",))),
                      **dict.fromkeys(calls, Rate(CALL_LIMIT))})
    return app


__all__ = ["create_app"]

"""Which language a reader has chosen: Chinese unless the session says otherwise, never the browser's header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_babel import Babel, get_locale

from core.instance import LOCAL_TIME
from core.text import DEFAULT_LANGUAGE, Text

LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "English"}
"""Language tag to its own name. A language is added by a catalogue in ``translations/`` and a line here."""

LOCALES: Mapping[str, str] = {"zh": "zh_Hans_CN", "en": "en"}
SESSION_KEY = "language"


def language() -> str:
    """The tag of the reader's language."""
    chosen = session.get(SESSION_KEY, DEFAULT_LANGUAGE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def say(text: Text | str | None) -> str:
    """A text of the rulebook in the reader's language; empty for None."""
    if text is None:
        return ""
    return text.to(language()) if isinstance(text, Text) else text


def html_language() -> str:
    """The value of ``<html lang>``."""
    return "zh-CN" if language() == "zh" else language()


def init_language(app: Flask, folders: Iterable[Path] = ()) -> None:
    """Install Flask-Babel: msgids are Chinese, so Chinese needs no catalogue.

    Args:
        folders: catalogues of plugins. The platform's own is read last, so that no plugin changes a word of its pages.
    """
    app.config.update(BABEL_DEFAULT_LOCALE=LOCALES[DEFAULT_LANGUAGE], BABEL_DEFAULT_TIMEZONE=LOCAL_TIME.key,
                      BABEL_TRANSLATION_DIRECTORIES=";".join([*(str(path) for path in folders), "translations"]))
    Babel(app, locale_selector=lambda: LOCALES[language()])


def local(moment: datetime) -> datetime:
    """An instant on the platform's clock."""
    return moment.astimezone(LOCAL_TIME)


def template_words() -> dict[str, Any]:
    """What every template may use about languages."""
    return {"language": language(), "html_language": html_language(), "languages": LANGUAGES, "locale": get_locale()}

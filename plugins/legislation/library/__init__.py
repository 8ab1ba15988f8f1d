"""The public library of laws: texts with their editions and articles, search, pages, and where they are cited."""

from __future__ import annotations

from plugins.legislation.library.index import ArticleIndex
from plugins.legislation.library.models import Article, Edition, Law, Refusal

MODELS = (Law, Edition, Article, Refusal, ArticleIndex)

"""The pool of experts, and their draw for a case: by field, conflicts of interest left out, checkable by anybody."""

from plugins.disputes.experts.models import MODELS
from plugins.disputes.experts.pages import pages

__all__ = ["MODELS", "pages"]

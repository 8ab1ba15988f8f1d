"""``certify_document`` of all plugins as the issuer of documents asks for it."""

from __future__ import annotations

import logging

import pluggy

from core.documents.issuing import Certified, Certify, Paper
from core.errors import FazhiError, fail

log = logging.getLogger(__name__)


def certifier(manager: pluggy.PluginManager) -> Certify:
    """Asks the plugins one by one; the first that signs is the signer.

    A plugin that fails keeps the document from being issued: a paper that should have been certified and is not would
    pass for the real one.
    """
    def certify(pdf: bytes, paper: Paper) -> Certified | None:
        try:
            answer: Certified | None = manager.hook.certify_document(pdf=pdf, paper=paper)
        except FazhiError:
            raise
        except Exception as reason:  # whatever a plugin raises, the person must learn that nothing was issued
            log.exception("certifying %s", paper.title)
            raise fail("document-not-certified", title=paper.title, reason=f"{type(reason).__name__}: {reason}"[:200]
                       ) from reason
        return answer

    return certify

"""The page kit: what plugins' pages are made of. Only the names listed here are promised to plugins.

A plugin's blueprint marks each view with ``page_required(Action…)``, finds its objects with ``find_case`` or
``permit`` (404 where the reader may not know of them) and answers with ``render_page``; its templates extend
``base.html`` and import ``kit/parts.html``. It joins the navigation through ``Platform.navigation``.
"""

from web.kit.access import find_case, may, page_required, permit, public_page, the_actor
from web.kit.language import language, say
from web.kit.paging import Page, paginate
from web.kit.render import Crumb, instance, render_page
from web.kit.uploads import sent_files, upload_page

__all__ = ["Crumb", "Page", "find_case", "instance", "language", "may", "page_required", "paginate", "permit",
           "public_page", "render_page", "say", "sent_files", "the_actor", "upload_page"]

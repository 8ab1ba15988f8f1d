"""Pages of legal questions: of the public, of lawyers, of the justice department; and the public service page."""

from plugins.disputes.questions.pages.asking import pages as asking
from plugins.disputes.questions.pages.counter import pages as counter
from plugins.disputes.questions.pages.office import pages as office
from plugins.disputes.questions.pages.service import pages as service

PAGES = (asking, counter, office, service)
__all__ = ["PAGES"]

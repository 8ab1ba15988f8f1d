"""What a candidate bundle would change: recorded cases judged under it and under the bundle in force."""

from scoring.impact.changes import CaseChange, FindingChange, ScoreChange, VerdictChange, VerdictSide
from scoring.impact.differences import (
    CalendarChange,
    ContentChange,
    Differences,
    ParameterChange,
    differences,
)
from scoring.impact.replaying import Impact, assess
from scoring.impact.report import report_lines, summary
from scoring.impact.tally import Tally
from scoring.impact.workbook import ImpactBook

__all__ = ["CalendarChange", "CaseChange", "ContentChange", "Differences", "FindingChange", "Impact", "ImpactBook",
           "ParameterChange", "ScoreChange", "Tally", "VerdictChange", "VerdictSide", "assess", "differences",
           "report_lines", "summary"]

"""The demonstration of the assessment: reports, problems, appeals and yearly reports of the fictional region."""

from plugins.assessment.demo.generate import generate

__all__ = ["generate"]

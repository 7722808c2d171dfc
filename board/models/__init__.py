"""What managers decide and what is kept of the figures. One module per subject."""

from board.models.actions import Action, ActionChange
from board.models.goals import Goals
from board.models.months import DayFigure, FigureMonth
from board.models.reports import Report

__all__ = ["Action", "ActionChange", "DayFigure", "FigureMonth", "Goals", "Report"]

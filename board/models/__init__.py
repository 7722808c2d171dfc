"""What managers decide and what is kept of the figures. One module per subject."""

from board.models.actions import Action as Action
from board.models.actions import ActionChange as ActionChange
from board.models.goals import Goals as Goals
from board.models.months import DayFigure as DayFigure
from board.models.months import FigureMonth as FigureMonth
from board.models.moves import LeftOut as LeftOut
from board.models.moves import Move as Move
from board.models.moves import MovedCase as MovedCase
from board.models.reports import Report as Report
from board.models.terms import Activation as Activation
from board.models.terms import PinnedStep as PinnedStep

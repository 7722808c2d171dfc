"""What managers decide and what is kept of the figures. One module per subject."""

from board.models.actions import Action as Action
from board.models.actions import ActionChange as ActionChange

"""What managers decide and what is kept of the figures. One module per subject."""

from board.models.moves import LeftOut as LeftOut
from board.models.moves import Move as Move
from board.models.moves import MovedCase as MovedCase

"""What the managers' room keeps."""

from board.models.terms import Activation, PinnedStep

__all__ = ["Activation", "PinnedStep"]

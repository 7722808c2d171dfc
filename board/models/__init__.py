"""What managers decide and what is kept of the figures. One module per subject."""

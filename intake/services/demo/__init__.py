"""Invented families for a demonstration, taken in and worked with through the very verbs of the product."""

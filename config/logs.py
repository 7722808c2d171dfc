"""What is written to the logs: no CPR number, phone number or mail address, whatever an error's text carries.

An error's page and its log line bear the same number, which is also that of the rows of the access log.
"""

import logging
import re

from accounts.visits import request_id

# The order matters: a CPR number is longer than a phone number. Dates and times have other marks between their digits.
MASKS = (
    (re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)"), "<cpr>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<mail>"),
    (re.compile(r"\+(?:\d ?){7,14}\d(?!\d)"), "<phone>"),
    (re.compile(r"(?<![\w.:+-])\d{2}(?: ?\d{2}){3}(?![\w:-])"), "<phone>"),
)


def masked(text: str) -> str:
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


class MaskedFormatter(logging.Formatter):
    """Masks the finished text: message, arguments and traceback alike."""

    def format(self, record: logging.LogRecord) -> str:
        number = request_id()
        return masked(super().format(record)) + (f" [{number}]" if number else "")

"""Log lines of the scoring process: one for each event, never an identifier."""

import logging
from typing import TextIO

import structlog


def log_to(stream: TextIO) -> None:
    """Write log lines there: readable on a terminal, JSON everywhere else."""
    show: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            show,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=stream, level=logging.WARNING, format="%(name)s: %(message)s")

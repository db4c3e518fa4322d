"""The code that makes, judges and serves the scorer; trained files live in MLflow."""

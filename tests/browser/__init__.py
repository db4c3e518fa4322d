"""On a real browser, keyboard and contrast included."""

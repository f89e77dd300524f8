class FileRefusedError(Exception):
    """A file, or a line of it, that cannot be used; the text says what is wrong and what to do, for the person."""

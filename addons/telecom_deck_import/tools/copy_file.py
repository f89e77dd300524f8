"""Lines that are made one after the other, as the file that COPY reads."""

from itertools import islice

from odoo.addons.telecom_base.tools.refused import FileRefusedError


class LinesFile:
    """What `copy_expert` reads from: lines of a generator, put together to pieces of the size that it asks for.

    psycopg2 turns what is raised in there into words of its own, so the file ends instead and `error` has it.
    """

    def __init__(self, lines):
        self._lines = lines
        self._rest = ""
        self.error = None

    def read(self, size=-1):  # pylint: disable=method-required-super  # a file, no model
        """Return about `size` characters; an empty text at the end."""
        parts, length = [self._rest], len(self._rest)
        try:
            while (length < size or size < 0) and (chunk := list(islice(self._lines, 1024))):
                parts.extend(chunk)
                length += sum(map(len, chunk))
        except FileRefusedError as error:
            self.error = error
            return ""
        text = "".join(parts)
        self._rest = text[size:] if size >= 0 else ""
        return text[:size] if size >= 0 else text

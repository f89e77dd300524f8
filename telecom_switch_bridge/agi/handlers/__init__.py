"""One question of the dialplan a file, named like the question."""

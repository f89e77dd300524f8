"""FastAGI: the dialplan's questions."""

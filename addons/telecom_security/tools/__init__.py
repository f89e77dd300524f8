from . import key_scopes

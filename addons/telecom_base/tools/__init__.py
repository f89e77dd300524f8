from . import amounts, optional_integer, sql

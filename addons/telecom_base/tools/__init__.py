from . import amounts, sql

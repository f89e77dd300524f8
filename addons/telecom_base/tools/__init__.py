from . import amounts, instants, optional_integer, read_table, refused, sql, write_table

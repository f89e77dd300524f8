from . import test_compare, test_read_file, test_refused_files

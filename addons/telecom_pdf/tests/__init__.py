from . import test_pdf

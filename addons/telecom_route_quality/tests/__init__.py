from . import test_block, test_quality

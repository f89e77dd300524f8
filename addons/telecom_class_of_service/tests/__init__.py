from . import test_service_class, test_strangers

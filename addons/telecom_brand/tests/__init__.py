from . import test_brand, test_brand_documents, test_brand_mail, test_brand_pages, test_brand_tools

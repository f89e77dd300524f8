from . import res_company, template_telecom_light

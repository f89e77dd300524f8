from . import template_telecom_light

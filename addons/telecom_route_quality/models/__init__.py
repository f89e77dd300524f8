from . import telecom_carrier_block, telecom_route, telecom_trunk_quality

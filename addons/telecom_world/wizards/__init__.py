from . import telecom_world_load

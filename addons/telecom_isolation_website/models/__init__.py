from . import base, ir_rule

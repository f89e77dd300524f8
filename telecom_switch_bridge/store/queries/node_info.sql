-- What the last bridge of a node knew about its Asterisk.
select info from telecom_switch_node where name = $1

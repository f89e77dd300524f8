-- Keeps what a sweep of node $1 found and did.
insert into telecom_switch_finding (node, kind, call_ref, leg_uniqueid, channel, seconds, detail)
values ($1, $2, $3, $4, $5, $6, $7)

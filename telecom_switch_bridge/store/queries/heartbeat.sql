-- Proof of life of a node: $4 = started_at of this bridge, $3 = what it knows about its Asterisk.
insert into telecom_switch_node (name, version, info, started_at, heartbeat_at)
values ($1, $2, $3::jsonb, $4, now())
on conflict (name) do update
   set version = excluded.version, info = excluded.info, started_at = excluded.started_at, heartbeat_at = now()

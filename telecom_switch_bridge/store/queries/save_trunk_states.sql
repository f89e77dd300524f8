-- How this node finds its trunks: those of $2, and no others.
with gone as (delete from telecom_trunk_state where node = $1 and trunk_id <> all ($2::int[]))
insert into telecom_trunk_state (node, trunk_id, state, since)
select $1, found.trunk_id, found.state, found.since
  from unnest($2::int[], $3::text[], $4::timestamptz[]) as found (trunk_id, state, since)
on conflict (node, trunk_id) do update set state = excluded.state, since = excluded.since
 where (telecom_trunk_state.state, telecom_trunk_state.since) is distinct from (excluded.state, excluded.since)

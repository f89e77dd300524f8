-- What the pages of Odoo show of the bridge-written tables: the same rows, times as Odoo keeps them (UTC, no zone).

drop view if exists telecom_switch_node_page;
create view telecom_switch_node_page as
select id,
       name,
       version,
       started_at at time zone 'UTC' as started_at,
       heartbeat_at at time zone 'UTC' as heartbeat_at,
       extract(epoch from clock_timestamp() - heartbeat_at)::int as heartbeat_age_s,
       -- a heartbeat comes every 5 s; three missed ones are a delay, a minute is an outage
       case when clock_timestamp() - heartbeat_at <= interval '15 s' then 'up'
            when clock_timestamp() - heartbeat_at <= interval '60 s' then 'late'
            else 'down' end as state,
       (select count(*)::int from telecom_leg_open leg where leg.node = node.name) as open_legs,
       (select count(*)::int from telecom_reservation reservation where reservation.node = node.name) as reservations,
       (select count(*)::int from telecom_journal_set_aside line
         where line.node = node.name and line.resolved_at is null) as lines_set_aside,
       (select count(*)::int from telecom_switch_finding finding
         where finding.node = node.name and finding.found_at > now() - interval '1 day') as findings,
       (info ->> 'journal_free_mb')::bigint as journal_free_mb,
       -- words of the bridge, services/watch_switch.py: journal_volume_full, clock_set, lines_set_aside ...
       (select string_agg(alarm, ', ') from jsonb_array_elements_text(
           case when jsonb_typeof(info -> 'alarms') = 'array' then info -> 'alarms' else '[]' end) alarm) as alarms,
       jsonb_pretty(info) as info
  from telecom_switch_node node;

drop view if exists telecom_journal_line_page;
create view telecom_journal_line_page as
select id,
       node,
       file_id,
       line_offset,
       line,
       reason,
       set_aside_at at time zone 'UTC' as set_aside_at,
       resolved_at at time zone 'UTC' as resolved_at,
       resolved_by,
       resolution,
       repaired_line,
       again_answer,
       case when resolved_at is not null then 'resolved'
            when again_asked_at is not null then 'asked'
            else 'open' end as state
  from telecom_journal_set_aside;

drop view if exists telecom_switch_finding_page;
create view telecom_switch_finding_page as
select id, found_at at time zone 'UTC' as found_at, node, kind, call_ref, leg_uniqueid, channel,
       seconds::double precision as seconds, detail
  from telecom_switch_finding;

-- What a node that does not live said last says nothing about now.
drop view if exists telecom_trunk_state_page;
create view telecom_trunk_state_page as
select state.id,
       state.node,
       trunk.id as trunk_id,
       trunk.company_id,
       case when clock_timestamp() - node.heartbeat_at <= interval '60 s' then state.state else 'unknown' end as state,
       state.since at time zone 'UTC' as since
  from telecom_trunk_state state
  join telecom_switch_node node on node.name = state.node
  join telecom_trunk trunk on trunk.id = state.trunk_id
 where trunk.active;

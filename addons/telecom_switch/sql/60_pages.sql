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
       case when resolved_at is null then 'open' else 'resolved' end as state
  from telecom_journal_set_aside;

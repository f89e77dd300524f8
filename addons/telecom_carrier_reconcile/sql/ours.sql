-- Our answered legs of a carrier in the file's time, as the comparison needs them. Parameters: see tools/match.py.
create temp table reconcile_ours on commit drop as
select row_number() over (order by r.started_at, r.id)::int as n,
       r.id as record_id,
       r.direction,
       coalesce(nullif(r.e164, ''), r.dialled) as called,
       r.started_at,
       (extract(epoch from case when %(start_is)s = 'answer' then r.answered_at else r.started_at end) * 1000)::bigint
           as low_ms,
       (extract(epoch from case when %(start_is)s = 'setup' then r.started_at else r.answered_at end) * 1000)::bigint
           as high_ms,
       case when not %(billed)s then round(r.duration_us / 1000000.0)
           when r.cost_run_id is null then coalesce(r.carrier_billed_s, r.answered_s)
           else coalesce(r.carrier_billed_s, 0) + r.carrier_billed_correction_s end::int as seconds,
       case when r.direction = 'inbound' then r.carrier_revenue_micro + coalesce(r.carrier_revenue_correction_micro, 0)
           else r.carrier_cost_micro + coalesce(r.carrier_cost_correction_micro, 0) end as micro,
       r.destination_id,
       r.terms ->> 'note' as note
  from telecom_call_record r
 where r.carrier_id = %(carrier)s
   and r.answered_at is not null
   and r.direction = any (%(directions)s)
   -- the same expression as the index on the start
   and (r.started_at at time zone 'UTC') between %(from)s and %(to)s
   and r.started_at between (%(from)s at time zone 'UTC') and (%(to)s at time zone 'UTC');
create index on reconcile_ours (direction, called, low_ms);
analyze reconcile_ours;

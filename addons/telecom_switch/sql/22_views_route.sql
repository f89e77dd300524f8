-- switch_v1: carriers, their trunks and decks, and the order in which they are tried.

create view switch_v1_carrier as
select carrier.id as carrier_id,
       carrier.name,
       currency.name as currency,
       carrier.timezone,
       carrier.duration_rule,
       carrier.rounding_method,
       carrier.rounding_decimals,
       case when carrier.active then 'active' else 'inactive' end as state
  from telecom_carrier carrier
  join res_currency currency on currency.id = carrier.currency_id;

create view switch_v1_trunk as
select trunk.id as trunk_id,
       trunk.carrier_id,
       'trunk-' || trunk.id as endpoint,
       case when trunk.active and carrier.active then 'active' else 'inactive' end as state,
       coalesce(trunk.strip_digits, 0) as strip_digits,
       coalesce(trunk.add_prefix, '') as add_prefix,
       coalesce(trunk.plus_sign, false) as plus_sign,
       trunk.max_channels,
       trunk.max_calls_per_second,
       trunk.give_up_s  -- of a call that gets no sign of life; null: the switch's own time
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id;

create view switch_v1_deck_rate as
select carrier_id, prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s,
       included_s, valid_from, valid_to,
       direction  -- outbound: what we pay for a number outside; inbound: what the carrier pays for a number of ours
  from telecom_deck_rate;

create view switch_v1_route as
select route.id as route_id,
       coalesce(route.prefix, '') as prefix,
       route.rule,
       route.expected_s,
       coalesce(route.allow_loss, false) as allow_loss,
       round(coalesce(route.min_margin, 0)::numeric * 1000000)::bigint as min_margin_micro,
       round(coalesce(route.min_margin_percent, 0)::numeric * 1000000)::bigint as min_margin_percent_micro,
       coalesce(route.is_emergency, false) as is_emergency
  from telecom_route route
 where route.active;

create view switch_v1_route_line as
select line.route_id, line.trunk_id, line.priority, line.weight
  from telecom_route_line line
  join telecom_route route on route.id = line.route_id
 where route.active;

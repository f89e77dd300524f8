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
       trunk.give_up_s,  -- of a call that gets no sign of life; null: the switch's own time
       coalesce(trunk.registers, false) and trunk.username <> '' as registers,
       trunk.check_s,  -- how often Asterisk asks whether the carrier is there; null: never
       coalesce(trunk.login_version, 0) as login_version,  -- another one: register anew
       -- how the carrier writes numbers (core/trunk_numbers.py), in the habits of a country or of none
       coalesce(trunk.number_style, 'international') as number_style,
       coalesce(trunk.cli_style, 'international') as cli_style,
       coalesce(numbering.country_code, '') as country_code,
       coalesce(numbering.national_prefix, '') as national_prefix,
       coalesce(numbering.international_prefix, '00') as international_prefix,
       coalesce(trunk.in_strip_digits, 0) as in_strip_digits,
       coalesce(trunk.in_add_prefix, '') as in_add_prefix
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
  left join telecom_numbering_plan numbering on numbering.id = trunk.numbering_plan_id;

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
       coalesce(route.is_emergency, false) as is_emergency,
       coalesce(route.least_quality, 0) as least_quality  -- trunks below are tried after all others
  from telecom_route route
 where route.active;

create view switch_v1_route_line as
select line.route_id, line.trunk_id, line.priority, line.weight
  from telecom_route_line line
  join telecom_route route on route.id = line.route_id
 where route.active;

-- Quality (0 to 100) of a trunk at a destination, at a group (destination_id null) or everywhere (both null), from our own
-- call records; a trunk without a row has had too few attempts. pdd_ms, acd_s: null when no call has told them.
create view switch_v1_trunk_quality as
select trunk_id, destination_id, group_id, quality, asr::float8 as asr, acd_s::float8 as acd_s, pdd_ms, calls
  from telecom_trunk_quality;

-- A carrier that gets no calls to a destination, or to a group (destination_id null).
create view switch_v1_carrier_block as
select carrier_id, destination_id, group_id, reason from telecom_carrier_block where active;

-- Trunks that are tried last (core/routing.py): down at every node that lives. Each bridge goes by what its own node
-- finds; this is for whoever asks without being a node.
create view switch_v1_trunk_down as
select state.trunk_id, min(state.state) as state, max(state.since) as since
  from telecom_trunk_state state
  join telecom_switch_node node on node.name = state.node
 where clock_timestamp() - node.heartbeat_at <= interval '60 s'
 group by state.trunk_id
having bool_and(state.state in ('unreachable', 'rejected'));

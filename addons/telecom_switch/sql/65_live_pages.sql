-- Calls in progress as Odoo's pages read them: one row a call, from its reservation and its answered leg.

drop view if exists telecom_live_call_page;
create view telecom_live_call_page as
select hashtextextended(call.call_ref, 0) & 9007199254740991 as id,  -- a number that JavaScript can hold
       call.call_ref,
       call.node,
       call.frozen ->> 'direction' as direction,
       case when exists (select from telecom_switch_command command
                          where command.call_ref = call.call_ref and command.outcome is null) then 'ending'
            when leg.answered_at is not null then 'answered'
            else 'ringing' end as state,
       call.created_at at time zone 'UTC' as authorised_at,
       leg.answered_at at time zone 'UTC' as answered_at,
       leg.answered_at as answered_tz,
       call.granted_s,
       call.frozen ->> 'from_number' as from_number,
       coalesce(nullif(call.frozen ->> 'e164', ''), call.frozen ->> 'dialled') as to_number,
       account.id as account_id,
       account.partner_id,
       company.id as company_id,
       phone.id as phone_id,
       destination.id as destination_id,
       carrier.id as carrier_id,
       trunk.id as trunk_id,
       currency.id as currency_id,
       revenue_currency.id as revenue_currency_id,
       carrier_currency.id as carrier_currency_id,
       part.customer,
       part.owner,
       part.route,
       telecom_live_covered_s(call.call_ref, part.customer) as customer_covered_s,
       telecom_live_covered_s(call.call_ref, part.owner) as owner_covered_s
  from telecom_reservation call
  left join (select distinct on (call_ref) call_ref, attempt, answered_at
               from telecom_leg_open where call_ref <> ''
              order by call_ref, attempt nulls last, answered_at desc) leg on leg.call_ref = call.call_ref
 cross join lateral (select telecom_call_whole_part(call.frozen -> 'levels' -> 0) as customer,
                            telecom_call_whole_part(call.frozen -> 'levels' -> -1) as owner,  -- the highest level pays the owner
                            telecom_call_whole_part(call.frozen -> 'routes' -> (coalesce(leg.attempt, 1) - 1)) as route) part
  left join telecom_billing_account account on account.id = (call.frozen ->> 'account_id')::int
  left join res_company company on company.id = (call.frozen ->> 'company_id')::int
  left join telecom_phone phone on phone.id = (call.frozen ->> 'phone_id')::int
  left join telecom_destination destination on destination.id = (call.frozen ->> 'destination_id')::int
  left join telecom_carrier carrier on carrier.id = (part.route ->> 'carrier_id')::int
  left join telecom_trunk trunk on trunk.id = (part.route ->> 'trunk_id')::int
  left join res_currency currency on currency.name = part.customer ->> 'currency'
  left join res_currency revenue_currency on revenue_currency.name = part.owner ->> 'currency'
  left join res_currency carrier_currency on carrier_currency.name = part.route ->> 'currency';

-- The same calls as each level pays for them: one row a call and account, without carrier, node and other levels.
drop view if exists telecom_live_charge_page;
create view telecom_live_charge_page as
select hashtextextended(call.call_ref || '/' || account.id, 0) & 9007199254740991 as id,
       call.frozen ->> 'direction' as direction,
       case when leg.answered_at is not null then 'answered' else 'ringing' end as state,
       call.created_at at time zone 'UTC' as authorised_at,
       leg.answered_at at time zone 'UTC' as answered_at,
       leg.answered_at as answered_tz,
       call.granted_s,
       case when level.place = 1 then call.frozen ->> 'from_number' end as from_number,  -- the customer's business
       coalesce(nullif(call.frozen ->> 'e164', ''), call.frozen ->> 'dialled') as to_number,
       account.id as account_id,
       account.partner_id,
       account.company_id,
       account.customer_company_id,
       account.currency_id,
       destination.id as destination_id,
       telecom_call_whole_part(level.terms) as customer,
       telecom_live_covered_s(call.call_ref, level.terms) as customer_covered_s
  from telecom_reservation call
  left join (select distinct on (call_ref) call_ref, answered_at
               from telecom_leg_open where call_ref <> ''
              order by call_ref, attempt nulls last, answered_at desc) leg on leg.call_ref = call.call_ref
 cross join lateral (select (one ->> 'account_id')::int as account_id, one as terms, place
                       from jsonb_array_elements(call.frozen -> 'levels') with ordinality as levels (one, place)
                      union all  -- what costs nothing (internal, emergency) is frozen without levels
                     select (call.frozen ->> 'account_id')::int, null, 1
                      where jsonb_array_length(coalesce(call.frozen -> 'levels', '[]')) = 0) level
  join telecom_billing_account account on account.id = level.account_id
  left join telecom_destination destination on destination.id = (call.frozen ->> 'destination_id')::int;

drop view if exists telecom_switch_command_page;
create view telecom_switch_command_page as
select command.id, kind, node, call_ref, account.id as account_id, from_number, to_number, asked_by,
       asked_at at time zone 'UTC' as asked_at, done_at at time zone 'UTC' as done_at, coalesce(outcome, 'open') as state
  from telecom_switch_command command
  left join telecom_billing_account account on account.id = command.account_id;

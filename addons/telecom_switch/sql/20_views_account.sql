-- switch_v1: who calls and who pays.

create view switch_v1_contract as select 1::int as version;

-- parent_account_id: the account of the provider with ITS provider; null when the provider is the owner.
-- max_calls_...: calls at once, new calls a second; null = no limit. A level counts the calls of all levels below it.
-- state is the account's own; the bridge walks up parent_account_id and refuses when any level is not active.
create view switch_v1_account as
select account.id as account_id,
       account.number,
       account.company_id,
       tenant.account_id as parent_account_id,
       account.mode,
       currency.name as currency,
       account.state,
       account.rate_plan_id as plan_id,  -- where switch_v1_account_plan has no row; so is inbound_plan_id
       account.tz,
       numbering.country_code,
       coalesce(numbering.national_prefix, '') as national_prefix,
       coalesce(numbering.international_prefix, '') as international_prefix,
       coalesce(string_to_array(nullif(replace(numbering.emergency_numbers, ' ', ''), ''), ','), '{}')
           as emergency_numbers,
       account.inbound_rate_plan_id as inbound_plan_id,  -- null: calls to the account's numbers cost it nothing
       account.max_calls_outbound,
       account.max_calls_inbound,
       account.max_calls_per_second,
       taxed.taxes,        -- those that are charged, in their order, as core/tax.py reads them; null: none
       taxed.price_taxes,  -- those that prices were made for, when a fiscal position charges others; null: the same
       -- classes of service: what the provider bars, what the customer bars for telephones without a class
       coalesce(account.service_class_id, for_all.id) as class_id,
       own.id as own_class_id,
       coalesce(account.allow_loss, false) as allow_loss,  -- counts where the owner is the provider
       coalesce(account.max_spend_call, 0) > 0 or coalesce(account.max_spend_day, 0) > 0
           or coalesce(account.max_spend_night, 0) > 0
           or exists (select from telecom_spend_lock l where l.account_id = account.id and l.unlocked_at is null)
           or account.id in (select account_id from telecom_fraud_watched) as spend_limited
  from telecom_billing_account account
  join res_currency currency on currency.id = account.currency_id
  left join telecom_tenant tenant on tenant.company_id = account.company_id
  left join telecom_numbering_plan numbering on numbering.country_id = account.country_id
  left join lateral (
    select jsonb_agg(form order by sequence, tax_id) filter (where not replaced) as taxes,
           jsonb_agg(form order by sequence, tax_id) filter (where replaced) as price_taxes
      from (select tax.sequence,
                   tax.id as tax_id,
                   used.replaced,
                   jsonb_strip_nulls(jsonb_build_object(
                       'tax_id', tax.id,
                       'name', tax.name ->> 'en_US',
                       'amount_type', tax.amount_type,
                       'amount', round(tax.amount::numeric
                                       * case tax.amount_type when 'fixed' then 1000000 else 10000 end)::bigint,
                       'price_include', case when coalesce(tax.price_include_override, seller.account_price_include)
                                                  = 'tax_included' then true end,
                       'include_base_amount', nullif(tax.include_base_amount, false),
                       'is_base_affected', nullif(tax.is_base_affected, true))) as form
              from (select tax_id, false as replaced
                      from telecom_account_levied_tax_rel where account_id = account.id
                    union all
                    select tax_id, true from telecom_account_price_tax_rel where account_id = account.id) used
              join account_tax tax on tax.id = used.tax_id
              join res_company seller on seller.id = tax.company_id) one
  ) taxed on true
  left join telecom_service_class for_all
    on for_all.company_id = account.company_id and for_all.account_id is null and for_all.is_default
  left join telecom_service_class own on own.account_id = account.id and own.is_default;

-- Which plan an account has from when until before when; null: since ever, for ever. An account without rows of a
-- direction here has the plan of switch_v1_account. The bridge asks for the instant at which it authorises.
create view switch_v1_account_plan as
select account_id,
       direction,
       plan_id,  -- null: no plan
       valid_from at time zone 'UTC' as valid_from,
       lead(valid_from) over (partition by account_id, direction order by valid_from nulls first) at time zone 'UTC'
           as valid_to
  from telecom_plan_assignment;

-- What accounts have: headroom = balance_micro + credit_limit_micro - reserved_micro. For explain; calls ask the wallet.
create view switch_v1_wallet as
select account_id, balance_micro, reserved_micro, credit_limit_micro from telecom_wallet;

-- Telephones that are in use. state: 'active', or why its account may not make chargeable calls.
create view switch_v1_phone as
select phone.id as phone_id,
       phone.sip_username as endpoint,
       phone.account_id,
       phone.extension,
       cli.e164 as cli_e164,
       account.state,
       coalesce(phone.ring_s, 60) as ring_s,
       coalesce(phone.screen_calls, false) as screen_calls,
       phone.forward_always_id,  -- dial targets (switch_v1_dial_target); null: none
       phone.forward_busy_id,
       phone.forward_no_answer_id,
       phone.forward_unreachable_id,
       phone.service_class_id as class_id  -- null: own_class_id of its account
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
  left join telecom_number cli
    on cli.id = phone.cli_number_id and cli.active and cli.account_id = phone.account_id
 where phone.active;

-- Numbers (DID) in use. A target of another account, or an archived telephone or ring group, is no target.
create view switch_v1_number as
select number.id as number_id,
       number.e164,
       number.account_id,
       target.kind as target_kind,
       phone.sip_username as target_endpoint,
       case when target.kind = 'external' then target.external_number end as target_external,
       number.max_calls_inbound,
       ring_group.id as target_group_id
  from telecom_number number
  left join telecom_dial_target target
    on target.id = number.target_id and target.account_id = number.account_id
   and (target.kind <> 'phone'
        or exists (select from telecom_phone used where used.id = target.phone_id and used.active))
   and (target.kind <> 'group'
        or exists (select from telecom_ring_group used where used.id = target.group_id and used.active))
  left join telecom_phone phone on phone.id = target.phone_id and target.kind = 'phone'
  left join telecom_ring_group ring_group on ring_group.id = target.group_id and target.kind = 'group'
 where number.active;

-- Calls that count now, by what they count on: out:account:7, in:account:7, in:number:3, trunk:5 (15_limits.sql).
create view switch_v1_call_count as
select names.counted_on, count(*)::int as living
  from telecom_reservation call, unnest(call.counted_on) as names (counted_on)
 group by names.counted_on;

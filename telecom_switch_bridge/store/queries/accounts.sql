-- Billing accounts with their numbering habits and tax.
select account_id, number, company_id, parent_account_id, mode, currency, state, plan_id, tz, country_code,
       national_prefix, international_prefix, emergency_numbers, taxes, price_taxes, max_calls_outbound, max_calls_inbound,
       max_calls_per_second, inbound_plan_id, class_id, own_class_id, allow_loss, spend_limited
  from switch_v1_account

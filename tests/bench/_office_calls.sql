-- Call records of the last 30 days with their charges at both levels, spread over all customers of resellers: rows as
-- the settlement writes them, made at once. $1 = how many.
with customer as materialized (
    select account.id, account.company_id, tenant.account_id as reseller_account, parent.company_id as owner_id,
           row_number() over (order by account.id) - 1 as place, count(*) over () as customers
      from telecom_billing_account account
      join telecom_tenant tenant on tenant.company_id = account.company_id
      join telecom_billing_account parent on parent.id = tenant.account_id
), carrier as (
    select min(id) as id from telecom_carrier
), destination as (
    select min(id) as id from telecom_destination where name = 'Bench'
), made as (
    insert into telecom_call_record (
        leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us, node, linkedid, call_ref, attempt,
        account_id, company_id, from_number, dialled, e164, destination_id, carrier_id, hangup_cause, disposition,
        answered_s, carrier_billed_s, carrier_cost_micro, carrier_currency, revenue_net_micro, revenue_gross_micro,
        revenue_currency, terms)
    select 'bench-' || n, 'outbound', call.at, case when call.answered then call.at + interval '5 s' end,
           call.at + interval '65 s', case when call.answered then 60000000 else 0 end, 'bench', 'bench-' || n,
           'bench-' || n || '-1', 1, customer.id, customer.company_id, '49301000000', '0301234567', '49301234567',
           destination.id, carrier.id, case when call.answered then 16 else 34 end,
           case when call.answered then 'answered' else 'failed' end, case when call.answered then 60 else 0 end,
           case when call.answered then 60 end, case when call.answered then 12000 else 0 end, currency.name,
           case when call.answered then 20000 else 0 end, case when call.answered then 20000 else 0 end, currency.name,
           '{}'
      from generate_series(1, %(calls)s) n
      cross join carrier cross join destination
      cross join lateral (select now() - n * interval '30 days' / %(calls)s - interval '2 minutes' as at,
                                 n %% 3 > 0 as answered) call
      join customer on customer.place = n %% customer.customers
      join telecom_billing_account account on account.id = customer.id
      join res_currency currency on currency.id = account.currency_id
    returning id, leg_uniqueid, started_at, answered_at, account_id, company_id, e164, destination_id, revenue_currency
)
insert into telecom_call_charge (
    record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id, company_id, e164, destination_id,
    answered_s, billed_s, currency, net_micro, tax_micro, gross_micro, terms, customer_company_id)
select made.id, made.leg_uniqueid, 'outbound', made.started_at, made.answered_at, level.n, level.account, level.company,
       made.e164, made.destination_id, 60, 60, made.revenue_currency, level.net, 0, level.net, '{}', payer.customer_company_id
  from made join customer on customer.id = made.account_id
 cross join lateral (values (0, made.account_id, made.company_id, 25000),
                            (1, customer.reseller_account, customer.owner_id, 20000)) level (n, account, company, net)
  join telecom_billing_account payer on payer.id = level.account
 where made.answered_at is not null

-- Template (tools/watch.py fills in the braces): what a statement did to {table}, as lines of the audit trail.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $audit$
declare
    teller record := telecom_audit_teller();
begin
    perform from {rows} r limit 1 offset {at_most};
    if not found then
        insert into telecom_audit_line (
            user_id, user_name, door, address, import_id, company_id, category, model, record_id, record_name, plan_id,
            account_id, carrier_id, of_user_id, action, field, old_value, new_value)
        select coalesce(change.by_user, teller.user_id),
               coalesce(telecom_audit_user_name(change.by_user), teller.user_name),
               teller.door, teller.address, teller.import_id, change.company_id, change.category, '{model}',
               change.record_id, change.record_name, change.plan_id, change.account_id, change.carrier_id,
               change.of_user_id, '{action}', change.field, change.old_value, change.new_value
          from ({changes}) change
         order by change.record_id;
    elsif teller.import_id is not null and {of_price_lists} then  -- the price list that was imported holds each old and new value
        insert into telecom_audit_line (
            user_id, user_name, door, address, import_id, company_id, category, model, plan_id, account_id, carrier_id,
            of_user_id, action, row_count)
        select teller.user_id, teller.user_name, teller.door, teller.address, teller.import_id, {company}, '{category}',
               '{model}', {plan}, {account}, {carrier}, {of_user}, '{action}', r.many
          from (select {parent}, count(*) as many from {rows} r group by {parent}) r;
    else
        insert into telecom_audit_line (
            user_id, user_name, door, address, company_id, category, model, plan_id, account_id, carrier_id, of_user_id,
            action, field, row_count, details)
        select teller.user_id, teller.user_name, teller.door, teller.address, change.company_id, change.category,
               '{model}', change.plan_id, change.account_id, change.carrier_id, change.of_user_id, '{action}',
               change.field, count(*),
               string_agg(
                   concat_ws(' ', change.record_name || ':', change.old_value, '→ ' || change.new_value), e'\n'
                   order by change.record_name)
          from (select *, row_number() over (
                    partition by company_id, category, plan_id, account_id, carrier_id, of_user_id, field) as place
                  from ({changes}) one) change
         group by change.company_id, change.category, change.plan_id, change.account_id, change.carrier_id,
                  change.of_user_id, change.field, (change.place - 1) / {at_most};
    end if;
    return null;
end $audit$;

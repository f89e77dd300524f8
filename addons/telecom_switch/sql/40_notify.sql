-- NOTIFY bss_changed with a topic, once a statement; PostgreSQL folds equal ones of a transaction and sends at commit.
-- A topic is a hint: after every reconnect the bridge reads everything again.

create or replace function telecom_switch_notify() returns trigger language plpgsql as $$
declare
    topic text;
begin
    foreach topic in array tg_argv loop
        perform pg_notify('bss_changed', topic);
    end loop;
    return null;
end $$;

create or replace function telecom_switch_notify_deck() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' then
        perform pg_notify('bss_changed', 'deck:' || id) from telecom_carrier;
    else
        perform pg_notify('bss_changed', 'deck:' || carrier_id) from (select distinct carrier_id from changed) deck;
    end if;
    return null;
end $$;

-- Which tables feed which topics. A view that joins two tables needs the topic on both.
do $$
declare
    source record;
begin
    for source in select * from (values
        ('telecom_billing_account', '', 'account', 'switch_notify'),
        ('telecom_billing_account', 'of state, company_id', 'phone', 'switch_notify_phone'),
        ('telecom_plan_assignment', '', 'account', 'switch_notify'),
        ('telecom_tenant', '', 'account', 'switch_notify'),
        ('telecom_account_levied_tax_rel', '', 'account', 'switch_notify'),
        ('telecom_account_price_tax_rel', '', 'account', 'switch_notify'),
        ('account_tax', 'of name, amount, amount_type, sequence, price_include_override, include_base_amount,'
            ' is_base_affected', 'account', 'switch_notify'),
        ('res_company', 'of account_price_include', 'account', 'switch_notify'),
        ('telecom_numbering_plan', '', 'numbering,account,trunk', 'switch_notify'),
        ('telecom_phone', '', 'phone,number,target', 'switch_notify'),
        ('telecom_number', '', 'number,phone', 'switch_notify'),
        ('telecom_dial_target', '', 'number,target', 'switch_notify'),
        ('telecom_ring_group', '', 'target,number', 'switch_notify'),
        ('telecom_ring_group_member', '', 'target', 'switch_notify'),
        ('telecom_destination_group', '', 'destination', 'switch_notify'),
        ('telecom_destination', '', 'destination', 'switch_notify'),
        ('telecom_destination_prefix', '', 'destination', 'switch_notify'),
        ('res_currency_rate', '', 'currency', 'telecom_switch_notify'),
        ('telecom_service_class', '', 'class,account', 'switch_notify'),
        ('telecom_service_rule', '', 'class', 'switch_notify'),
        ('telecom_fraud_rule', '', 'account', 'switch_notify'),
        ('telecom_fraud_rule_account_rel', '', 'account', 'switch_notify'),
        ('telecom_rate_plan', '', 'plan', 'switch_notify'),
        ('telecom_rate', '', 'rate', 'switch_notify'),
        ('telecom_rate_band', '', 'rate', 'switch_notify'),
        ('telecom_band', '', 'rate', 'switch_notify'),
        ('telecom_band_time', '', 'rate', 'switch_notify'),
        ('telecom_holiday', '', 'rate', 'switch_notify'),
        ('telecom_allowance', '', 'allowance', 'switch_notify'),
        ('telecom_allowance_group_rel', '', 'allowance', 'switch_notify'),
        ('telecom_allowance_destination_rel', '', 'allowance', 'switch_notify'),
        ('telecom_carrier', '', 'carrier,trunk', 'switch_notify'),
        ('telecom_trunk', '', 'trunk', 'switch_notify'),
        ('telecom_route', '', 'route', 'switch_notify'),
        ('telecom_trunk_quality', '', 'quality', 'switch_notify'),
        ('telecom_carrier_block', '', 'block', 'switch_notify'),
        ('telecom_route_line', '', 'route', 'switch_notify')
    ) as fed (of_table, of_columns, topics, trigger_name)
    loop
        execute format(
            'create or replace trigger %I after insert or update %s or delete or truncate on %I
             for each statement execute function telecom_switch_notify(%s)',
            source.trigger_name, source.of_columns, source.of_table,
            (select string_agg(quote_literal(topic), ', ') from unnest(string_to_array(source.topics, ',')) topic));
    end loop;
end $$;

create or replace trigger switch_notify after insert on telecom_allowance_bucket
    for each row when (new.kind = 'block') execute function telecom_switch_notify('allowance');

create or replace trigger switch_notify_insert after insert on telecom_deck_rate
    referencing new table as changed for each statement execute function telecom_switch_notify_deck();
create or replace trigger switch_notify_update after update on telecom_deck_rate
    referencing new table as changed for each statement execute function telecom_switch_notify_deck();
create or replace trigger switch_notify_delete after delete on telecom_deck_rate
    referencing old table as changed for each statement execute function telecom_switch_notify_deck();
create or replace trigger switch_notify_truncate after truncate on telecom_deck_rate
    for each statement execute function telecom_switch_notify_deck();

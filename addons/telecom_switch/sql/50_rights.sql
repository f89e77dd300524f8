-- What the two roles of the switch may do, and nothing else. The roles are made with the cluster; without them
-- (a database for development) nothing is granted.

do $$
declare
    money_function regprocedure;
begin
    -- Functions are open to everybody by default; those that move money must not be.
    for money_function in
        select proc.oid::regprocedure from pg_proc proc
         where proc.pronamespace = 'public'::regnamespace and proc.prokind = 'f'
           and (proc.proname like 'telecom\_wallet\_%' or proc.proname like 'telecom\_call\_%'
                or proc.proname like 'telecom\_allowance\_%' or proc.proname like 'telecom\_spend\_%'
                or proc.proname like 'telecom\_fraud\_%'
                or proc.proname like 'telecom\_live\_%' or proc.proname like 'telecom\_switch\_%'
                or proc.proname like 'telecom\_journal\_%')
    loop
        execute format('revoke all on function %s from public', money_function);
    end loop;

    if exists (select from pg_roles where rolname = 'bss_bridge') then
        execute (select string_agg(format('grant select on %I to bss_bridge', relname), ';') from pg_class
                  where relnamespace = 'public'::regnamespace and relkind = 'v' and relname like 'switch\_v1\_%');
        grant select on telecom_reservation, telecom_call_record to bss_bridge;
        grant select, insert, update, delete on telecom_switch_node, telecom_journal_offset,
            telecom_journal_set_aside, telecom_leg_open, telecom_trunk_state to bss_bridge;
        grant select, update (outcome, done_at) on telecom_switch_command to bss_bridge;
        grant select, insert on telecom_switch_finding to bss_bridge;
        grant usage on sequence telecom_switch_node_id_seq, telecom_journal_set_aside_id_seq,
            telecom_switch_finding_id_seq, telecom_trunk_state_id_seq to bss_bridge;
        for money_function in
            select proc.oid::regprocedure from pg_proc proc
             where proc.pronamespace = 'public'::regnamespace and proc.proname in (
                   'telecom_wallet_reserve', 'telecom_wallet_extend', 'telecom_wallet_release',
                   'telecom_wallet_move_caller', 'telecom_call_settle', 'telecom_call_keep_terms',
                   'telecom_switch_reserve_covered', 'telecom_switch_extend_covered', 'telecom_allowance_use',
                   'telecom_call_whole_terms', 'telecom_switch_take_journal', 'telecom_live_publish',
                   'telecom_spend_limits', 'telecom_spend_sum', 'telecom_spend_span_of', 'telecom_fraud_told')
        loop
            execute format('grant execute on function %s to bss_bridge', money_function);
        end loop;
    end if;

    if exists (select from pg_roles where rolname = 'bss_asterisk') then
        grant usage on schema asterisk to bss_asterisk;
        grant select on all tables in schema asterisk to bss_asterisk;
    end if;
end $$;

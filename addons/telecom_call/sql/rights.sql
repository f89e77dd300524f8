-- Nobody may call the functions but their owner (Odoo's role) and those whom telecom_switch grants them to.
do $$
declare
    signature text;
begin
    for signature in
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and p.proname like 'telecom\_call\_%'
    loop
        execute format('revoke execute on function %s from public', signature);
    end loop;
end $$;

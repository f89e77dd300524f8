-- Views, tables and functions of the contract that are missing or closed to this role.
select wanted.name
  from unnest($1::text[], $2::text[]) as wanted (name, privilege)
 where case when wanted.privilege = 'EXECUTE'
            then not exists (select from pg_proc proc
                              where proc.proname = wanted.name and has_function_privilege(proc.oid, 'EXECUTE'))
            else to_regclass(wanted.name) is null or not has_table_privilege(to_regclass(wanted.name), wanted.privilege)
       end

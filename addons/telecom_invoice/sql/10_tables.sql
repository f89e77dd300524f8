-- Which charge is on which document. A charge is on one at most; what is on none is still to be invoiced. Safe to run again.

create table if not exists telecom_invoiced_charge (
    charge_id bigint primary key,
    started_at timestamptz not null,  -- of the charge: its other half of the key
    move_id integer not null references account_move (id) on delete cascade  -- a draft that is deleted frees its calls
);
create index if not exists telecom_invoiced_charge_move_idx on telecom_invoiced_charge (move_id);

-- Making documents and correcting charges take turns: each begins by changing this row. Both read first and write then, in
-- one snapshot, so whoever comes second would not see what the first one did; PostgreSQL refuses it (could not serialize),
-- and its job begins again.
create table if not exists telecom_invoice_turn (one boolean primary key default true check (one), turn bigint not null);
insert into telecom_invoice_turn values (true, 0) on conflict do nothing;

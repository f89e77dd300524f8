-- The file's prices, one row for each prefix or destination of a line. Gone with the transaction.
create temporary table price_new (
    line int not null,
    key text not null,
    name text,
    starts timestamptz not null,
    ends timestamptz,
    fee_micro bigint not null,
    price_micro bigint not null,
    unit_s int not null,
    first_s int not null,
    next_s int not null,
    included_s int not null,
    extra jsonb
) on commit drop

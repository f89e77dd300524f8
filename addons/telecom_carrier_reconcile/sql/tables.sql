-- Lines of carriers' files beside our legs. Up to hundreds of thousands a file, so it is no ORM table: each comparison
-- writes all lines of its statement anew, in one transaction. Amounts: 1/1,000,000 unit of the carrier's currency.

create table if not exists telecom_statement_line (
    id bigint generated always as identity primary key,
    statement_id integer not null references telecom_carrier_statement on delete cascade,
    result text not null check (result in ('matched', 'seconds', 'cost', 'only_theirs', 'only_ours', 'outside')),
    direction text not null check (direction in ('outbound', 'inbound')),
    called text not null,
    destination_id integer,
    started_at timestamptz not null,  -- theirs; ours when only we have the call
    line integer,  -- of the file; null: only ours
    their_seconds integer,
    their_micro bigint,
    their_currency text,
    record_id bigint,  -- call record; null: only theirs
    our_started_at timestamptz,
    our_seconds integer,
    our_micro bigint,
    note text,
    check ((line is null) = (result = 'only_ours')),
    check ((record_id is null) = (result in ('only_theirs', 'outside')))
);
create index if not exists telecom_statement_line_statement on telecom_statement_line (statement_id, result, id);

drop view if exists telecom_carrier_statement_line_view;
create view telecom_carrier_statement_line_view as
    select l.id, l.statement_id, s.carrier_id, s.company_id, s.currency_id, l.result, l.direction, l.called,
        destination.id as destination_id, l.started_at at time zone 'UTC' as started_at,
        (l.started_at at time zone s.timezone)::date as day, l.line, l.their_seconds, l.our_seconds,
        coalesce(l.their_seconds, 0) - coalesce(l.our_seconds, 0) as seconds_difference,
        (l.their_micro / 1000000.0)::numeric(20, 6) as their_cost, l.their_currency,
        (l.our_micro / 1000000.0)::numeric(20, 6) as our_cost,
        ((coalesce(l.their_micro, 0) - coalesce(l.our_micro, 0)) / 1000000.0)::numeric(20, 6) as cost_difference,
        l.record_id, l.our_started_at at time zone 'UTC' as our_started_at, l.note
    from telecom_statement_line l
        join telecom_carrier_statement s on s.id = l.statement_id
        left join telecom_destination destination on destination.id = l.destination_id;

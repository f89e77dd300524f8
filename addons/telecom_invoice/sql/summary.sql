-- What a document's calls were, by direction and destination; those that cancel each other out are left out. Parameter by
-- name: the document.
with mine as (
    select c.* from telecom_invoiced_charge invoiced
        join telecom_call_charge c on c.id = invoiced.charge_id and c.started_at = invoiced.started_at
    where invoiced.move_id = %(move)s
), back as (
    select refunds_id as id from mine where refunds_id is not null
)
select mine.direction, destination.name as destination, count(*) filter (where mine.refunds_id is null) as calls,
    sum(mine.answered_s)::bigint as answered_s, sum(mine.billed_s)::bigint as billed_s, sum(mine.net_micro)::bigint as net_micro,
    sum(mine.tax_micro)::bigint as tax_micro, sum(mine.gross_micro)::bigint as gross_micro
from mine left join telecom_destination destination on destination.id = mine.destination_id
where mine.id not in (select id from back)
    and (mine.refunds_id is null or not exists (select from mine given where given.id = mine.refunds_id))
group by 1, 2 order by 1 desc, 2 nulls last

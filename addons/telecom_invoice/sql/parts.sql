-- What was chosen, by document and line: one for each set of taxes, what is given back apart.
select account_id, corrects_id, taxes, refunds_id is not null as gives_back, count(*) as calls,
    count(*) filter (where gross_micro <> 0) as costing, sum(net_micro)::bigint as net_micro,
    sum(gross_micro)::bigint as gross_micro, min(started_at) as first_at, max(started_at) as last_at
from telecom_invoice_chosen
where not cancelled
group by 1, 2, 3, 4
order by account_id, corrects_id nulls first, gives_back, taxes

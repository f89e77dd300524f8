select place, record_id, started_at, number, digits, authorised_at, answered, duration_us, billed_s, micro, fits
from telecom_rerate_cost
where place >= {first} and place < {last}
order by place

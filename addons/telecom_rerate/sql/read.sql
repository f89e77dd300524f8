select record_id, started_at, charge_id, level, account_id, direction, number, digits, authorised_at, answered, duration,
    coalesce(rule.place, (select place from telecom_rerate_rule where rule = '{{}}')), net_micro, tax_micro,
    included_s, held_s
from telecom_rerate_charge left join telecom_rerate_rule rule using (rule)
where telecom_rerate_charge.place >= {first} and telecom_rerate_charge.place < {last}
order by record_id, level

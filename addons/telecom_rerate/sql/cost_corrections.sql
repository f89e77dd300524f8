-- What was found for legs becomes the run's corrections. Parameter: the run.
insert into telecom_call_cost_correction (
    run_id, record_id, started_at, carrier_id, direction, price, currency, old_currency, old_run_id, old_billed_s, billed_s,
    old_micro, micro
)
select %s, leg.record_id, leg.started_at, leg.carrier_id, leg.direction, found.price, leg.currency, leg.old_currency,
    leg.run_id, leg.billed_s, found.billed_s, leg.micro, found.micro
from telecom_rerate_cost_found found join telecom_rerate_cost leg using (place)

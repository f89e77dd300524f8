-- Numbers (DID) in use.
select number_id, e164, account_id, target_kind, target_endpoint, target_external, max_calls_inbound, target_group_id
  from switch_v1_number

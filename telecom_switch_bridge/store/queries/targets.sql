-- What forwards and ring groups lead to.
select target_id, account_id, kind, endpoint, external, group_id from switch_v1_dial_target

-- Included minutes and the destinations that count.
select allowance_id, plan_id, destination_ids, group_ids from switch_v1_allowance

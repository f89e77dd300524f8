-- Ring groups in use, with their targets in the order in which they ring.
select group_id, account_id, extension, strategy, ring_s, screen_calls, target_ids from switch_v1_ring_group

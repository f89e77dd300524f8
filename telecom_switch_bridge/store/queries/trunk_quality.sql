-- How well trunks complete calls, by place.
select trunk_id, destination_id, group_id, quality, asr, acd_s, pdd_ms, calls from switch_v1_trunk_quality

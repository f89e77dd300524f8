-- switch_v1: included minutes (telecom_allowance). Whether an account has seconds left, calls ask the reservation.

-- plan_id null: a block, which accounts have by switch_v1_allowance_block.
create view switch_v1_allowance as
select allowance.id as allowance_id,
       allowance.plan_id,
       array(select destination_id from telecom_allowance_destination_rel rel where rel.allowance_id = allowance.id)
           as destination_ids,
       array(select group_id from telecom_allowance_group_rel rel where rel.allowance_id = allowance.id) as group_ids
  from telecom_allowance allowance
 where allowance.active or allowance.kind = 'block';  -- a block that is sold no more is good for those who have it

create view switch_v1_allowance_block as
select distinct account_id, allowance_id
  from telecom_allowance_bucket where kind = 'block' and (valid_to is null or valid_to > now());

-- What accounts have of each now; for explain.
create view switch_v1_allowance_left as
select account_id, allowance_id,
       sum(left_s - coalesce((select sum(seconds) from telecom_allowance_hold where bucket_id = bucket.id), 0))::bigint
           as free_s
  from telecom_allowance_bucket bucket
 where period_start <= now() and (valid_to is null or valid_to > now()) and left_s > 0
 group by account_id, allowance_id;

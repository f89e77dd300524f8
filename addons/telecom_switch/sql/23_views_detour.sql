-- switch_v1: where forwards and ring groups lead.

-- Dial targets that a telephone's forward or a ring group leads to, and that can be rung: no archived telephone or
-- group. Who may be led there is checked again for each call: only calls of the target's own account.
create view switch_v1_dial_target as
select target.id as target_id,
       target.account_id,
       target.kind,
       phone.sip_username as endpoint,
       case when target.kind = 'external' then target.external_number end as external,
       ring_group.id as group_id
  from telecom_dial_target target
  left join telecom_phone phone
    on phone.id = target.phone_id and target.kind = 'phone' and phone.active and phone.account_id = target.account_id
  left join telecom_ring_group ring_group
    on ring_group.id = target.group_id and target.kind = 'group' and ring_group.active
   and ring_group.account_id = target.account_id
 where (target.kind = 'external' or phone.id is not null or ring_group.id is not null)
   and target.id in (
       select member.target_id from telecom_ring_group_member member
       union all
       select led.target_id
         from telecom_phone forwarding,
              lateral (values (forwarding.forward_always_id), (forwarding.forward_busy_id),
                              (forwarding.forward_no_answer_id), (forwarding.forward_unreachable_id)) as led (target_id)
        where forwarding.active and led.target_id is not null);

-- Ring groups in use. strategy: parallel or serial; target_ids in the order in which they ring.
create view switch_v1_ring_group as
select ring_group.id as group_id,
       ring_group.account_id,
       ring_group.extension,
       ring_group.strategy,
       coalesce(ring_group.ring_s, 30) as ring_s,
       coalesce(ring_group.screen_calls, false) as screen_calls,
       array(select member.target_id from telecom_ring_group_member member
              where member.group_id = ring_group.id order by member.sequence, member.id) as target_ids
  from telecom_ring_group ring_group
 where ring_group.active;

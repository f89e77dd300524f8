-- Commands of node $1 without an outcome, with the channels of their calls: the caller's, then answered legs.
select command.id as command_id, command.call_ref,
       extract(epoch from now() - command.asked_at)::float8 as waited_s,
       array(select channel_uniqueid from telecom_reservation reservation
              where reservation.call_ref = command.call_ref
              union all
             select leg_uniqueid from telecom_leg_open leg where leg.call_ref = command.call_ref) as channels
  from telecom_switch_command command
 where command.node = $1 and command.outcome is null
 order by command.id

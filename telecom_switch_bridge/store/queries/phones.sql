-- Telephones in use, and where they forward to.
select phone_id, endpoint, account_id, extension, cli_e164, state, ring_s, screen_calls, forward_always_id,
       forward_busy_id, forward_no_answer_id, forward_unreachable_id, class_id
  from switch_v1_phone

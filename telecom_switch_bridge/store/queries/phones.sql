-- Telephones in use.
select phone_id, endpoint, account_id, extension, cli_e164, state from switch_v1_phone

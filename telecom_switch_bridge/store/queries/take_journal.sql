-- Takes all that a batch of the leg journal leads to ($1) into the ledger; docs/seam.md has its parts.
select telecom_switch_take_journal($1::jsonb)

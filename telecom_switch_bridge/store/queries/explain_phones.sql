-- For explain: telephones that go by a word.
select * from switch_v1_phone
 where endpoint = any ($1::text[]) or extension = $2 or cli_e164 = $2

-- The PJSIP objects, with Asterisk's own column names, in the one schema that the role bss_asterisk sees.
-- A telephone that is archived, has no password or belongs to a closed account has no row: it cannot register.
-- A suspended account keeps its rows, so that emergency calls pass and the others are refused with a spoken reason.

-- A semicolon would end a value here: Asterisk wants ^3B.

create schema if not exists asterisk;

create view asterisk.ps_endpoints as
select phone.sip_username::text as id,
       phone.sip_username::text as aors,
       phone.sip_username::text as auth,
       null::text as outbound_auth,
       'from-phone' as context,
       'all' as disallow,
       phone.codecs::text as allow,
       'no' as direct_media,
       'yes' as force_rport,
       'yes' as rewrite_contact,
       'yes' as rtp_symmetric,
       'rfc4733' as dtmf_mode,
       -- a trunk is known by its address only: its name in a stranger's From must not be believed
       'username' as identify_by,
       -- who we are stays inside: no product's name in SDP, no identity taken from or told to the other side
       'call' as sdp_session,
       '-' as sdp_owner,
       'no' as trust_id_inbound,
       'no' as trust_id_outbound,
       'no' as send_pai,
       -- a REFER sends the other party to a context of its own, where the bridge is asked on this telephone's behalf
       'yes' as allow_transfer,
       -- who a call comes from, when a carrier wants to see our user name and the caller's number beside it
       null::text as from_user,
       'TRANSFER_CONTEXT=from-transfer' as set_var,
       'no' as media_encryption
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
 where phone.active and phone.sip_digest is not null and account.state in ('active', 'suspended')
union all
select 'trunk-' || trunk.id,
       -- calls take the first; Asterisk calls no contact that it asks and that does not answer, and we may want to try
       'trunk-' || trunk.id || case when trunk.check_s is null then '' else ',trunk-' || trunk.id || '-check' end,
       null,
       case when trunk.username <> '' then 'trunk-' || trunk.id end,
       'from-trunk',
       'all',
       trunk.codecs,
       'no',
       'yes',
       'no',
       'yes',
       'rfc4733',
       'ip',
       'call',
       '-',
       'no',
       'no',  -- a caller who hides its number is not told there either
       case when trunk.identity = 'login' then 'yes' else 'no' end,
       'no',
       case when trunk.identity = 'login' then split_part(trunk.username, '@', 1) end,
       null,
       case when trunk.encrypts_media then 'sdes' else 'no' end
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active;

create view asterisk.ps_auths as
select phone.sip_username::text as id,
       'md5' as auth_type,
       phone.sip_username::text as username,
       null::text as password,
       phone.sip_digest::text as md5_cred,
       'bss' as realm
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
 where phone.active and phone.sip_digest is not null and account.state in ('active', 'suspended')
union all
select 'trunk-' || trunk.id, 'userpass', trunk.username, coalesce(trunk.password, ''), null, null
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active and trunk.username <> '';

create view asterisk.ps_aors as
select phone.sip_username::text as id,
       phone.max_contacts,
       'yes' as remove_existing,
       0 as qualify_frequency,  -- telephones are not asked: they register often
       null::text as contact
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
 where phone.active and phone.sip_digest is not null and account.state in ('active', 'suspended')
union all
select 'trunk-' || trunk.id || kind.suffix,
       null,
       null,
       kind.qualify_frequency,
       'sip:' || trunk.host || ':' || trunk.port
           || case when trunk.transport = 'udp' then '' else '^3Btransport=' || trunk.transport end
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
  cross join lateral (values ('', 0), ('-check', trunk.check_s)) as kind (suffix, qualify_frequency)
 where trunk.active and carrier.active and kind.qualify_frequency is not null;

-- A trunk that registers is known by the mark in the contact that it registered (`line`), so that two of them at one
-- carrier are told apart; addresses count only where they are given.
create view asterisk.ps_endpoint_id_ips as
select 'trunk-' || trunk.id as id,
       'trunk-' || trunk.id as endpoint,
       coalesce(nullif(replace(trunk.match_ips, ' ', ''), ''), trunk.host) as match
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active and (trunk.match_ips <> '' or trunk.registers is not true);

-- Trunks that log in at their carrier. A refused log-in is tried again after 5 minutes only: carriers lock out who
-- tries often; a new password is tried at once (the bridge says so). contact_user is what carriers call when they keep
-- our contact as it is; the number is in To then (11_entry_trunk.conf).
create view asterisk.ps_registrations as
select 'trunk-' || trunk.id as id,
       'trunk-' || trunk.id as outbound_auth,
       'sip:' || trunk.host || ':' || trunk.port
           || case when trunk.transport = 'udp' then '' else '^3Btransport=' || trunk.transport end as server_uri,
       'sip:' || case when trunk.username like '%@%' then trunk.username
                      else trunk.username || '@' || trunk.host end as client_uri,
       'line' as contact_user,
       'yes' as line,
       'trunk-' || trunk.id as endpoint,
       600 as expiration,
       30 as retry_interval,
       300 as forbidden_retry_interval,
       300 as fatal_retry_interval,
       'yes' as auth_rejection_permanent,  -- together with the line before: not for ever, but after 5 minutes
       1000000 as max_retries,
       1 as max_random_initial_delay
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active and trunk.registers and trunk.username <> '';

-- The PJSIP objects, with Asterisk's own column names, in the one schema that the role bss_asterisk sees.
-- A telephone that is archived, has no password or belongs to a closed account has no row: it cannot register.
-- A suspended account keeps its rows, so that emergency calls pass and the others are refused with a spoken reason.

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
       'no' as allow_transfer
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
 where phone.active and phone.sip_digest is not null and account.state in ('active', 'suspended')
union all
select 'trunk-' || trunk.id,
       'trunk-' || trunk.id,
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
       'no',
       'no',
       'no'
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
       0 as qualify_frequency,
       null::text as contact
  from telecom_phone phone
  join telecom_billing_account account on account.id = phone.account_id
 where phone.active and phone.sip_digest is not null and account.state in ('active', 'suspended')
union all
select 'trunk-' || trunk.id,
       null,
       null,
       0,
       'sip:' || trunk.host || ':' || trunk.port
           || case when trunk.transport = 'udp' then '' else ';transport=' || trunk.transport end
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active;

create view asterisk.ps_endpoint_id_ips as
select 'trunk-' || trunk.id as id,
       'trunk-' || trunk.id as endpoint,
       coalesce(nullif(replace(trunk.match_ips, ' ', ''), ''), trunk.host) as match
  from telecom_trunk trunk
  join telecom_carrier carrier on carrier.id = trunk.carrier_id
 where trunk.active and carrier.active;

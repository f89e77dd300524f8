from odoo.tests import TransactionCase, tagged

# Name and type of every column that the bridge (public) and Asterisk (schema asterisk) read, in order.
CONTRACT = {
    "switch_v1_contract": "version:integer",
    "switch_v1_account": "account_id:integer number:varchar company_id:integer parent_account_id:integer mode:varchar "
    "currency:varchar state:varchar plan_id:integer tz:varchar country_code:varchar national_prefix:varchar "
    "international_prefix:varchar emergency_numbers:text[] inbound_plan_id:integer "
    "max_calls_outbound:integer max_calls_inbound:integer max_calls_per_second:integer taxes:jsonb "
    "price_taxes:jsonb class_id:integer own_class_id:integer allow_loss:boolean "
    "spend_limited:boolean",
    "switch_v1_spend_room": "account_id:integer rule:text room_micro:bigint locked_by:text locked_name:text",
    "switch_v1_account_plan": "account_id:integer direction:varchar plan_id:integer valid_from:timestamptz "
    "valid_to:timestamptz",
    "switch_v1_phone": "phone_id:integer endpoint:varchar account_id:integer extension:varchar cli_e164:varchar "
    "state:varchar ring_s:integer screen_calls:boolean forward_always_id:integer forward_busy_id:integer "
    "forward_no_answer_id:integer forward_unreachable_id:integer class_id:integer",
    "switch_v1_number": "number_id:integer e164:varchar account_id:integer target_kind:varchar "
    "target_endpoint:varchar target_external:varchar max_calls_inbound:integer target_group_id:integer",
    "switch_v1_dial_target": "target_id:integer account_id:integer kind:varchar endpoint:varchar external:varchar "
    "group_id:integer",
    "switch_v1_ring_group": "group_id:integer account_id:integer extension:varchar strategy:varchar ring_s:integer "
    "screen_calls:boolean target_ids:integer[]",
    "switch_v1_destination": "destination_id:integer name:varchar group_id:integer network_type:varchar "
    "country:varchar",
    "switch_v1_destination_prefix": "prefix:varchar destination_id:integer",
    "switch_v1_plan": "plan_id:integer company_id:integer direction:varchar currency:varchar timezone:varchar "
    "base:varchar default_method:varchar default_percent_micro:bigint default_absolute_micro:bigint "
    "rounding_method:varchar rounding_decimals:integer warning_side:varchar warning_first_s:integer "
    "warning_second_s:integer name:varchar allow_loss:boolean",
    "switch_v1_wallet": "account_id:integer balance_micro:bigint reserved_micro:bigint credit_limit_micro:bigint",
    "switch_v1_band_time": "set_id:integer band_id:integer name:varchar weight:bigint days:jsonb from_s:integer "
    "to_s:integer dates:jsonb",
    "switch_v1_rate": "rate_id:integer plan_id:integer destination_id:integer group_id:integer method:varchar "
    "percent_micro:bigint absolute_micro:bigint bands:jsonb included_s:integer min_duration_s:integer "
    "grace_s:integer grace_mode:varchar min_cost_micro:bigint max_cost_micro:bigint max_cost_strategy:text "
    "valid_from:timestamptz valid_to:timestamptz",
    "switch_v1_carrier": "carrier_id:integer name:varchar currency:varchar timezone:varchar duration_rule:varchar "
    "rounding_method:varchar rounding_decimals:integer state:text",
    "switch_v1_trunk": "trunk_id:integer carrier_id:integer endpoint:text state:text strip_digits:integer "
    "add_prefix:varchar plus_sign:boolean max_channels:integer max_calls_per_second:integer "
    "give_up_s:integer registers:boolean check_s:integer login_version:integer "
    "number_style:varchar cli_style:varchar country_code:varchar national_prefix:varchar "
    "international_prefix:varchar in_strip_digits:integer in_add_prefix:varchar",
    "switch_v1_trunk_down": "trunk_id:integer state:text since:timestamptz",
    "switch_v1_deck_rate": "carrier_id:integer prefix:text connect_fee_micro:bigint price_micro:bigint "
    "price_unit_s:integer first_increment_s:integer next_increment_s:integer included_s:integer "
    "valid_from:timestamptz valid_to:timestamptz direction:text",
    "switch_v1_route": "route_id:integer prefix:varchar rule:varchar expected_s:integer allow_loss:boolean "
    "min_margin_micro:bigint min_margin_percent_micro:bigint is_emergency:boolean least_quality:integer",
    "switch_v1_route_line": "route_id:integer trunk_id:integer priority:integer weight:integer",
    "switch_v1_trunk_quality": "trunk_id:integer destination_id:integer group_id:integer quality:integer "
    "asr:double precision acd_s:double precision pdd_ms:integer calls:integer",
    "switch_v1_carrier_block": "carrier_id:integer destination_id:integer group_id:integer reason:varchar",
    "switch_v1_currency_rate": "currency:varchar valid_from:timestamptz rate_e12:bigint",
    "switch_v1_service_class": "class_id:integer name:varchar allows_others:boolean timezone:varchar "
    "open_days:integer[] open_from_s:integer open_to_s:integer company_id:integer account_id:integer",
    "switch_v1_service_rule": "rule_id:integer class_id:integer allows:boolean hours:varchar kind:varchar "
    "digits:varchar destination_id:integer group_id:integer country:varchar network_type:varchar",
    "switch_v1_allowance": "allowance_id:integer plan_id:integer destination_ids:integer[] group_ids:integer[]",
    "switch_v1_allowance_block": "account_id:integer allowance_id:integer",
    "switch_v1_allowance_left": "account_id:integer allowance_id:integer free_s:bigint",
    "switch_v1_call_count": "counted_on:text living:integer",
    "asterisk.ps_endpoints": "id:text aors:text auth:text outbound_auth:text context:text disallow:text allow:text "
    "direct_media:text force_rport:text rewrite_contact:text rtp_symmetric:text dtmf_mode:text identify_by:text "
    "sdp_session:text sdp_owner:text trust_id_inbound:text trust_id_outbound:text send_pai:text allow_transfer:text "
    "from_user:text set_var:text media_encryption:text",
    "asterisk.ps_auths": "id:text auth_type:text username:text password:text md5_cred:text realm:text",
    "asterisk.ps_aors": "id:text max_contacts:integer remove_existing:text qualify_frequency:integer contact:text",
    "asterisk.ps_endpoint_id_ips": "id:text endpoint:text match:text",
    "asterisk.ps_registrations": "id:text outbound_auth:text server_uri:text client_uri:text contact_user:text "
    "line:text endpoint:text expiration:integer retry_interval:integer forbidden_retry_interval:integer "
    "fatal_retry_interval:integer auth_rejection_permanent:text max_retries:integer max_random_initial_delay:integer",
    "telecom_switch_node": "id:integer name:text started_at:timestamptz heartbeat_at:timestamptz version:text "
    "info:jsonb",
    "telecom_journal_offset": "node:text file_id:text read_offset:bigint updated_at:timestamptz",
    "telecom_journal_set_aside": "id:bigint node:text file_id:text line_offset:bigint line:text reason:text "
    "set_aside_at:timestamptz resolved_at:timestamptz resolved_by:integer resolution:text "
    "again_asked_at:timestamptz again_asked_by:integer repaired_line:text again_answer:text",
    "telecom_leg_open": "leg_uniqueid:text node:text call_ref:text attempt:integer linkedid:text channel:text "
    "userfield:text answered_at:timestamptz seen_at:timestamptz clock_offset_us:bigint boot_id:text "
    "transferred_by:text",
    "telecom_switch_finding": "id:bigint found_at:timestamptz node:text kind:text call_ref:text leg_uniqueid:text "
    "channel:text seconds:numeric detail:text",
    "telecom_trunk_state": "id:integer node:text trunk_id:integer state:text since:timestamptz",
    "telecom_switch_command": "id:bigint kind:text node:text call_ref:text account_id:integer from_number:text "
    "to_number:text asked_by:integer asked_at:timestamptz outcome:text done_at:timestamptz",
}
SHORT = {"character varying": "varchar", "timestamp with time zone": "timestamptz"}


@tagged("post_install", "-at_install")
class TestContract(TransactionCase):
    """A change here is a change of the contract: the bridge reads these columns by name and type."""

    def columns_of(self, relation):
        self.env.cr.execute(
            "select attname, format_type(atttypid, null) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
            [relation],
        )
        return " ".join(f"{name}:{SHORT.get(kind, kind)}" for name, kind in self.env.cr.fetchall())

    def test_columns_are_those_of_the_contract(self):
        for relation, columns in CONTRACT.items():
            with self.subTest(relation=relation):
                self.assertEqual(self.columns_of(relation), columns)

    def test_no_other_view_is_in_the_seam(self):
        self.env.cr.execute(
            "select viewname from pg_views where schemaname = 'public' and viewname like 'switch%'"
            " union all select 'asterisk.' || viewname from pg_views where schemaname = 'asterisk'"
        )
        views = {name for (name,) in self.env.cr.fetchall()}
        self.assertEqual(views, {name for name in CONTRACT if not name.startswith("telecom_")})

    def test_the_version_is_1(self):
        self.env.cr.execute("select version from switch_v1_contract")
        self.assertEqual(self.env.cr.fetchall(), [(1,)])

-- For explain: what some classes of service allow and block.
select rule_id, class_id, allows, hours, kind, digits, destination_id, group_id, country, network_type
  from switch_v1_service_rule where class_id = any ($1::int[])

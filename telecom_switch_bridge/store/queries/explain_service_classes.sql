-- For explain: some classes of service.
select class_id, name, allows_others, timezone, open_days, open_from_s, open_to_s
  from switch_v1_service_class where class_id = any ($1::int[])

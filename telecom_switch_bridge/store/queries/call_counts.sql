-- Living calls by what they count on.
select counted_on, living from switch_v1_call_count

-- Prefixes with several prices from now on, in the file or in the deck: tools/timeline.py compares those.
create temporary table price_multi on commit drop as
select unnest(%(repeated)s::text[]) as key
 union
select key from price_old group by key having count(*) > 1

-- Tells open pages that calls have changed; the answer is what Odoo's web servers must hear.
select telecom_live_publish()

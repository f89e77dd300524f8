-- Wakes Odoo's web servers, which listen in the database `postgres`.
select pg_notify('imbus', $1)

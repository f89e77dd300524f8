-- For explain: what fraud rules of some accounts say about calls to numbers with their destinations; counts nothing.
select * from telecom_fraud_told($1::int[], $2::text[], $3::int[])

-- Gives back what calls hold; how many held something.
select telecom_wallet_release($1::text[])

-- Reservations of channel $2 of node $1 belong to channel $3, named $4, of call $5 from now on.
select telecom_wallet_move_caller($1, $2, $3, $4, $5)

-- Version of the contract between the addons and the bridge.
select version from switch_v1_contract

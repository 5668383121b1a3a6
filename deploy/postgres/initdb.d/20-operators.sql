-- Who runs the orchestrators, for people to fill: builds join it by Trino's catalog operators (docs/distributed.md). Where the
-- database is older than this file, run it by hand.
\connect naap
create schema if not exists network authorization naap;
create table if not exists network.operators (
  address text primary key check (address ~ '^0x[0-9a-f]{40}$'),
  name text,
  contact text,
  stake numeric(38, 18) check (stake >= 0)
);
alter table network.operators owner to naap;
comment on table network.operators is 'Who runs the orchestrators: a row each';
comment on column network.operators.address is 'On-chain address of the orchestrator, lower case';
comment on column network.operators.name is 'What the operator is called';
comment on column network.operators.contact is 'How the operator is reached: an address, a handle, a URL';
comment on column network.operators.stake is 'Stake of the orchestrator, LPT';

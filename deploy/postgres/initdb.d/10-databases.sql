-- One role and database each, so that none reads the other's. Secrets come from files: they stand in no command and no log.
\set metastore `cat /run/secrets/metastore_password`
create role metastore login password :'metastore';
create database metastore owner metastore;
\set nessie `cat /run/secrets/nessie_password`
create role nessie login password :'nessie';
create database nessie owner nessie;
\set portal `cat /run/secrets/portal_password`
create role naap login createdb password :'portal';
create database naap owner naap;

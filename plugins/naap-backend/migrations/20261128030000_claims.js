/**
 * What a running run reads and writes, the class of its error, and the rights that one replica has at a time.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('naap_runs', table => {
    table
      .text('touches')
      .comment(
        'JSON {reads, writes} of the step, once it runs: no run beside it may get in its way',
      );
    table
      .text('error_name')
      .comment('Class of the error; `error` is its message then');
  });
  await knex.schema.createTable('naap_leases', table => {
    table.comment('Rights that one holder has at a time, over all replicas');
    table.string('name', 64).primary();
    table
      .bigInteger('token')
      .notNullable()
      .comment('Grows with every holder: a lower one is of a holder of before');
    table.text('holder').notNullable().comment('Who has or had it, in words');
    table
      .bigInteger('lease_until')
      .notNullable()
      .comment('Unix ms by the clock of the database; free from then on');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('naap_leases');
  await knex.schema.alterTable('naap_runs', table => {
    table.dropColumn('touches');
    table.dropColumn('error_name');
  });
};

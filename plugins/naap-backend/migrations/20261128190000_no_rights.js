/**
 * Rights are those of runs: the table of others was used by nobody.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.dropTable('naap_leases');
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
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

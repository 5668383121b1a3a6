/**
 * Runs of the pipeline's steps and their logs.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('naap_runs', table => {
    table.comment(
      'Runs of the pipeline steps: the queue, what runs, and the history',
    );
    table.bigIncrements('seq').comment('Order in which runs were asked for');
    table.string('id', 36).notNullable().unique().comment('UUID');
    table.string('step', 32).notNullable();
    table
      .string('state', 16)
      .notNullable()
      .comment('queued, running, succeeded, failed, cancelled or lost');
    table
      .string('trigger', 16)
      .notNullable()
      .comment('manual, action, loop, schedule, retry or recovery');
    table
      .text('started_by')
      .notNullable()
      .comment('Entity ref of a user, subject of a service, loop or schedule');
    table
      .text('arguments')
      .notNullable()
      .comment('JSON with its keys in one order, so that equal means equal');
    table.string('retry_of', 36).comment('The run that this one repeats');
    table.dateTime('created_at').notNullable();
    table.dateTime('started_at');
    table.dateTime('finished_at');
    table.bigInteger('rows').comment('Rows that it wrote, where it counts any');
    table
      .boolean('changed')
      .comment('Whether the next step had something to do');
    table.text('details').comment('JSON: what the step reports of itself');
    table.text('error');
    table.string('owner', 36).comment('The process that runs it');
    table
      .bigInteger('lease_until')
      .comment(
        'Unix ms by the clock of the database: the owner is taken for dead after it',
      );
    table
      .text('cancelled_by')
      .comment('Who asked for its end; its owner looks here while it runs');
    table.index(['step', 'state', 'seq']);
    table.index(['state', 'finished_at']);
    table.unique(['step'], {
      indexName: 'naap_runs_one_running',
      useConstraint: false,
      predicate: knex.whereRaw("state = 'running'"),
    });
    table.unique(['step', 'arguments'], {
      indexName: 'naap_runs_one_queued',
      useConstraint: false,
      predicate: knex.whereRaw("state = 'queued'"),
    });
  });
  await knex.schema.createTable('naap_run_logs', table => {
    table.comment('Log lines of runs');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('naap_runs')
      .onDelete('CASCADE');
    table.integer('seq').notNullable().comment('From 1 within a run');
    table.dateTime('at').notNullable();
    table
      .string('level', 8)
      .notNullable()
      .comment('debug, info, warn or error');
    table.text('message').notNullable();
    table.primary(['run_id', 'seq']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('naap_run_logs');
  await knex.schema.dropTable('naap_runs');
};

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // A contract is a suite that others run.
      files: ['src/testing/*Contract.ts'],
      rules: { 'jest/no-export': 'off' },
    },
  ],
});

import '@testing-library/jest-dom';

// Pages draw charts and tables: on a busy machine that takes more than the five seconds of Jest.
jest.setTimeout(60_000);

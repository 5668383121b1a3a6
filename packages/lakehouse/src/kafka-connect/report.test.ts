import { errorOf, lagOf, stateOf } from './report';

const TRACE = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:658)
Caused by: org.apache.kafka.connect.errors.DataException: An error occurred converting record
\tat org.apache.iceberg.connect.data.IcebergWriter.write(IcebergWriter.java:68)
\t... 11 more
Caused by: java.lang.IllegalArgumentException: Illegal base64 character 25
\tat java.base/java.util.Base64$Decoder.decode0(Base64.java:848)
`;
const RUNNING = { state: 'RUNNING' as const, trace: null };
const failed = {
  ...RUNNING,
  tasks: [{ id: 0, state: 'FAILED' as const, trace: TRACE }],
};

it('a connector with a task that failed has failed, and says of what in a line', () => {
  expect(stateOf(failed)).toBe('FAILED');
  expect(errorOf(failed)).toBe(
    'java.lang.IllegalArgumentException: Illegal base64 character 25',
  );
  expect(stateOf({ ...RUNNING, tasks: [] })).toBe('RUNNING');
  expect(errorOf({ ...RUNNING, tasks: [] })).toBeNull();
  expect(stateOf(null)).toBeNull();
});

describe('lag', () => {
  const range = (partition: number, low: bigint, end: bigint) => ({
    topic: 'naap.events',
    partition,
    low,
    end,
  });
  const offset = (partition: number, at: bigint) => ({
    topic: 'naap.events',
    partition,
    offset: at,
  });

  it('is none where only the mark of the last transaction is left', () => {
    expect(lagOf([offset(0, 17n)], [range(0, 0n, 18n)])).toBe(0);
    expect(lagOf([], [range(0, 0n, 0n), range(1, 5n, 5n)])).toBe(0);
  });

  it('counts from where the topic begins what was never read, or is gone', () => {
    expect(lagOf([], [range(0, 10n, 15n)])).toBe(4);
    expect(lagOf([offset(0, 3n)], [range(0, 10n, 15n)])).toBe(4);
  });

  it('adds partitions up, with offsets past 2^53', () => {
    const far = 2n ** 60n;
    expect(
      lagOf(
        [offset(0, far), offset(1, 2n)],
        [range(0, 0n, far + 8n), range(1, 0n, 4n)],
      ),
    ).toBe(8);
  });
});

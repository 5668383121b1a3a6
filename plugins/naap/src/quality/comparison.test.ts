import { comparedPartitions, isComplete } from './comparison';

const counts = {
  read: 9,
  missing: 0,
  repeated: 0,
  surplus: 0,
  gaps: 4,
  overlaps: 0,
};

describe('what a comparison reports', () => {
  it('is read by partition', () => {
    const [found] = comparedPartitions({
      partitions: [{ topic: 'network_events', partition: 2, ...counts }],
    })!;
    expect(found).toEqual({ name: 'network_events/2', ...counts });
    expect(isComplete(found)).toBe(true);
    expect(isComplete({ ...found, missing: 1 })).toBe(false);
  });

  it('is not known where it does not say: null is not zero', () => {
    expect(comparedPartitions(null)).toBeNull();
    expect(comparedPartitions({ partitions: 'none' })).toBeNull();
    const [found] = comparedPartitions({
      partitions: [{ topic: 'a', partition: 0, ...counts, repeated: 'x' }],
    })!;
    expect(found.repeated).toBeNull();
    expect(isComplete(found)).toBeNull();
  });
});

import type { BronzeTable } from '@naap/lakehouse';
import { lakePositions } from './lakePositions';

const table = (name: BronzeTable, ...offsets: string[]) => ({
  name,
  properties: {
    'naap.gate-version': '3',
    ...Object.fromEntries(
      offsets.map((offset, i) => [`naap.next-offset.a.b.${i}`, offset]),
    ),
  },
});

describe('positions of the lake', () => {
  it('are those below which every table holds everything, in 64 bits', () => {
    expect(
      lakePositions([
        table('events', '9223372036854775807', '3'),
        table('quarantine', '9223372036854775806', '5'),
        table('batches', '9223372036854775807', '4'),
      ]),
    ).toEqual(
      new Map([
        ['a.b/0', 9223372036854775806n],
        ['a.b/1', 3n],
      ]),
    );
  });

  it('are none before every table is there and was written to', () => {
    expect(lakePositions([]).size).toBe(0);
    const [events, quarantine] = [table('events', '3'), table('quarantine')];
    expect(lakePositions([events, quarantine]).size).toBe(0);
    expect(lakePositions([events, quarantine, table('batches', '2')])).toEqual(
      new Map([['a.b/0', 0n]]),
    );
  });
});

import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { deflated, gzip, stored } from './gzip';

describe('gzip of pieces', () => {
  it('is what the pieces are, one after the other', async () => {
    const piece = fc.tuple(
      fc.oneof(
        fc.uint8Array({ maxLength: 2_000 }),
        // Beyond one stored block.
        fc.nat(200_000).map(length => new Uint8Array(length).fill(97)),
      ),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async list => {
        const pieces = await Promise.all(
          list.map(([bytes, isDeflated]) =>
            (isDeflated ? deflated : stored)(Buffer.from(bytes)),
          ),
        );
        const whole = Buffer.concat(list.map(([bytes]) => bytes));
        expect(gunzipSync(gzip(pieces)).equals(whole)).toBe(true);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('is small where a piece was compressed', async () => {
    const bytes = Buffer.from('{"orchestrator":"0xabc"},'.repeat(1_000));
    expect(gzip([await deflated(bytes)]).length).toBeLessThan(500);
  });
});

import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { deflated, gzip, Piece, stored } from './gzip';

async function whole(pieces: Piece[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of gzip(pieces)) parts.push(part);
  return Buffer.concat(parts);
}

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
        const all = Buffer.concat(list.map(([bytes]) => bytes));
        expect(gunzipSync(await whole(pieces)).equals(all)).toBe(true);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('is small where a piece was compressed', async () => {
    const bytes = Buffer.from('{"orchestrator":"0xabc"},'.repeat(1_000));
    expect((await whole([await deflated(bytes)])).length).toBeLessThan(500);
  });
});

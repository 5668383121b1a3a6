import type { LakeReader as IcebergReader } from '@naap/lakehouse';
import type { RequestRow } from '@naap/plugin-naap-common';
import { createLakeReader } from './lakeReader';

const lake: jest.Mocked<
  Pick<IcebergReader, 'rawEvents' | 'quarantine' | 'batchTotals'>
> = {
  rawEvents: jest.fn().mockResolvedValue([]),
  quarantine: jest.fn(),
  batchTotals: jest.fn(),
};

describe('createLakeReader', () => {
  it('looks for the events of a request around its time', async () => {
    await createLakeReader(lake).requestEvents({
      request_id: 'abc',
      stream_id: 's1',
      requested_at: '2026-01-08T12:00:00.000Z',
    } as RequestRow);
    expect(lake.rawEvents).toHaveBeenCalledWith({
      requestId: 'abc',
      streamId: 's1',
      from: '2026-01-08T11:50:00.000Z',
      to: '2026-01-16T12:00:00.000Z',
      limit: 10_000,
    });
  });

  it('gives quarantined bytes as base64', async () => {
    const row = {
      class: 'rejected' as const,
      reason: 'not_json',
      seen_at: '2026-01-08T12:00:00.000Z',
      offset: 7,
      source: 'file',
      raw_length: 3,
      raw_sha256: null,
    };
    lake.quarantine.mockResolvedValue({
      total: 1,
      rows: [{ ...row, raw: Uint8Array.of(0xff, 0, 0x7b) }],
    });
    expect(
      await createLakeReader(lake).quarantine({ limit: 1, offset: 0 }),
    ).toEqual({ total: 1, rows: [{ ...row, raw_base64: '/wB7' }] });
  });

  it('counts whole hours: from is floored and to is ceiled', async () => {
    lake.batchTotals.mockResolvedValue({
      total: {
        read: 0,
        accepted: 0,
        ignored: 0,
        rejected: 0,
        duplicate: 0,
        reasons: {},
      },
      hours: [],
    });
    const reader = createLakeReader(lake);
    await reader.ingestStats({
      from: '2026-01-08T12:59:59Z',
      to: '2026-01-08T13:00:01Z',
    });
    await reader.ingestStats({});
    expect(lake.batchTotals.mock.calls).toEqual([
      [{ from: '2026-01-08T12:00:00.000Z', to: '2026-01-08T14:00:00.000Z' }],
      [{ from: undefined, to: undefined }],
    ]);
  });
});

import { type BronzeReader, TrinoError } from '@naap/lakehouse';
import type { RequestRow } from '@naap/plugin-naap-common';
import { createLakeReader } from './lakeReader';

const lake: jest.Mocked<
  Pick<BronzeReader, 'rawEvents' | 'quarantine' | 'message'>
> = {
  rawEvents: jest.fn().mockResolvedValue({ rows: [], more: false }),
  message: jest.fn(),
  quarantine: jest.fn(),
};

const request = {
  request_id: 'abc',
  stream_id: 's1',
  requested_at: '2026-01-08T12:00:00.000Z',
} as RequestRow;

describe('createLakeReader', () => {
  it('looks for the events of a request around its time', async () => {
    await createLakeReader(lake).requestEvents(request, { limit: 500 });
    expect(lake.rawEvents).toHaveBeenCalledWith({
      requestId: 'abc',
      streamId: 's1',
      from: '2026-01-08T11:50:00.000Z',
      to: '2026-01-16T12:00:00.000Z',
      limit: 500,
      after: undefined,
    });
  });

  it('gives quarantined bytes as base64', async () => {
    const row = {
      class: 'rejected' as const,
      reason: 'not_json',
      seen_at: '2026-01-08T12:00:00.000Z',
      topic: 'network_events',
      partition: 0,
      offset: 7,
      source: 'file',
      raw_length: 3,
      raw_sha256: null,
    };
    lake.quarantine.mockResolvedValue({
      total: 1,
      more: false,
      rows: [{ ...row, raw: Uint8Array.of(0xff, 0, 0x7b) }],
    });
    expect(
      await createLakeReader(lake).quarantine({ limit: 1, offset: 0 }),
    ).toEqual({
      total: 1,
      rows: [{ ...row, raw_base64: '/wB7' }],
      next: null,
    });
  });

  it('goes on where a page ended, and refuses the cursor of another list', async () => {
    const row = {
      class: 'rejected' as const,
      reason: 'not_json',
      raw: Uint8Array.of(1),
      seen_at: '2026-01-08T12:00:00.000Z',
      topic: 'network_events',
      partition: 0,
      offset: 7,
      source: 'file',
      raw_length: 1,
      raw_sha256: null,
    };
    lake.quarantine.mockResolvedValue({ total: 2, rows: [row], more: true });
    const reader = createLakeReader(lake);
    const { next } = await reader.quarantine({ limit: 1 });
    await reader.quarantine({ limit: 1, cursor: next! });
    expect(lake.quarantine).toHaveBeenLastCalledWith(
      expect.objectContaining({
        after: [Date.parse(row.seen_at), 'network_events', 0, 7],
      }),
    );
    await expect(
      reader.requestEvents(request, { cursor: next! }),
    ).rejects.toMatchObject({
      name: 'InputError',
    });
  });

  it('says that nobody reads the lake now, where the question is not to blame', async () => {
    lake.rawEvents.mockRejectedValueOnce(
      new TrinoError('unreachable', 'http://trino:8080 does not answer'),
    );
    const asked = createLakeReader(lake).requestEvents(request, {});
    await expect(asked).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.not.stringContaining('http:'),
    });

    const wrong = new TrinoError('request', 'a column is missing');
    lake.rawEvents.mockRejectedValueOnce(wrong);
    await expect(
      createLakeReader(lake).requestEvents(request, {}),
    ).rejects.toBe(wrong);
  });

  it('answers too many questions at once with an error that says to come again', async () => {
    let open = () => {};
    const opened = new Promise<void>(resolve => {
      open = resolve;
    });
    lake.message.mockImplementation(async () => {
      await opened;
      return null;
    });
    const reader = createLakeReader(lake);
    const place = { topic: 't', partition: 0, offset: 1 };
    const many = Array.from({ length: 102 }, () => reader.message(place));
    await expect(reader.message(place)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    open();
    expect(await Promise.all(many)).toEqual(many.map(() => null));
    expect(lake.message.mock.calls).toHaveLength(102);
  });
});

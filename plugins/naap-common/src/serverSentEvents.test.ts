import { serverSentEvents } from './serverSentEvents';

/** The events of a text that comes in pieces of so many bytes. */
async function eventsOf(text: string, pieceLength: number) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.slice(at, at + pieceLength));
      at += pieceLength;
    },
  });
  const events = [];
  for await (const event of serverSentEvents(body)) {
    events.push(event);
  }
  return events;
}

describe('events of a stream', () => {
  const text =
    'data: {"a":1}\n\nevent: end\r\ndata:x\r\ndata: é\r\n\r\n: a comment\n\nid\n\ndata\n\ndata: cut off';

  it.each([1, 2, 7, 1000])(
    'are the same however they are cut (%d bytes)',
    async length => {
      expect(await eventsOf(text, length)).toEqual([
        { event: 'message', data: '{"a":1}' },
        { event: 'end', data: 'x\né' },
        { event: 'message', data: '' },
      ]);
    },
  );

  it.each(['\u2028', '\r', 'a:b', ' '])(
    'keep the text %j of strangers',
    async strange => {
      const said = `before ${strange} after`;
      expect(await eventsOf(`data: ${said}\n\n`, 1000)).toEqual([
        { event: 'message', data: said },
      ]);
    },
  );

  it('are read in linear time, whatever a line is made of and however it comes', async () => {
    // Of the processor, not of the clock: a busy machine doesn't count.
    const began = process.cpuUsage();
    const long = 'a'.repeat(1 << 20);
    await eventsOf(`${long}:\u2028\n\n`, 1 << 20);
    const [event] = await eventsOf(`data: ${long}\n\n`, 100);
    expect(event.data).toHaveLength(1 << 20);
    expect(process.cpuUsage(began).user).toBeLessThan(4_000_000);
  });
});

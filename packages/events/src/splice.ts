/**
 * The message as it came, put together again from what the log keeps of it.
 *
 * @param envelope - the message without its `data`, or the whole message
 * @param data - JSON text of `data`
 * @param dataAt - the character of `envelope` at which `data` was cut out;
 *   null when `envelope` is the whole message
 */
export function splice(
  envelope: string,
  data: string,
  dataAt: number | null,
): string {
  return dataAt === null
    ? envelope
    : envelope.slice(0, dataAt) + data + envelope.slice(dataAt);
}

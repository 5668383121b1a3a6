import type { IHeaders } from 'kafkajs';
import { KAFKA_SOURCE } from './connection';

const HEADER = 'naap.source';
/** As names of sources are, so that nobody's header is a text of any other kind. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Says with a record who brought the message, where a bus in front of the topic knows it. */
export const sourceHeader = (source: string): IHeaders => ({
  [HEADER]: source,
});

/** Who brought a record: who may write to the topic says it, or says nothing. */
export function sourceOf(headers: IHeaders | undefined): string {
  const named = headers?.[HEADER];
  if (named === undefined) return KAFKA_SOURCE;
  const source = String(named);
  return NAME.test(source) ? source : KAFKA_SOURCE;
}

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hoursAgo, windowOf } from '../honest.ts';
import {
  lines,
  oneOfEachFamily,
  replacedTexts,
  worstTexts,
} from './payloads.ts';
import type { Json } from './payloads.ts';
import { listQuestions } from './readPages.ts';
import type { Document } from './readPages.ts';
import { FULL } from './target.ts';
import type { Target } from './target.ts';

const MOST_OF_A_NAME = 512;
/** Of the texts in every place. */
const LENGTH = FULL ? 40_000 : 2_000;
/** A message may have 1 MiB; so many of the worst texts come in this length too. */
const LONGEST = 400_000;
const LONGEST_TEXTS = FULL ? 4 : 1;
/** Where a text is no name: reasons, arguments, what a message said. */
const NO_LISTS_OF_NAMES = /^\/(quarantine|runs|steps|datasets)/;
/** By the contract a version is no name. */
const NO_NAMES = /version$/;

/** A message of every family and subtype, once for each of its texts, with another text in its place. */
function messagesWith(text: string): Array<{ id?: Json }> {
  return oneOfEachFamily(hoursAgo(30)).flatMap(one =>
    [...replacedTexts(one as unknown as Json, text)].map(value => {
      const other = value as { id?: Json };
      return other.id === one.id ? { ...other, id: randomUUID() } : other;
    }),
  );
}

/** Long texts as every name of every family: nothing stops, and they count as empty. */
export async function longTexts({ portal }: Target): Promise<void> {
  for (const text of Object.values(worstTexts(LENGTH))) {
    await portal.push(lines(messagesWith(text)));
  }
  const longest = Object.values(worstTexts(LONGEST)).slice(0, LONGEST_TEXTS);
  for (const text of longest) {
    const messages = messagesWith(text);
    for (let i = 0; i < messages.length; i += 40) {
      await portal.push(lines(messages.slice(i, i + 40)));
    }
  }
  await portal.run('commit', 'build', 'sync', 'scrape');
  await portal.run();

  const document = await portal.get<Document>('/openapi.json');
  for (const { path } of listQuestions(document, windowOf(hoursAgo(30)))) {
    if (NO_LISTS_OF_NAMES.test(path)) continue;
    const { body } = await portal.api(path);
    JSON.parse(body.toString('utf8'), (name, value) => {
      for (const text of NO_NAMES.test(name) ? [] : [name, value]) {
        assert.ok(
          typeof text !== 'string' || [...text].length <= MOST_OF_A_NAME,
          `${path}: ${name.slice(0, 40)} has ${String(text).length} characters`,
        );
      }
      return value;
    });
  }
}

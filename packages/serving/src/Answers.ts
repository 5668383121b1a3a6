import { AnswerCache } from './answerCache';
import { AnswerMeta, ServedState } from './contract';
import { Key } from './cursor';
import { Database } from './database';
import { Engine } from './engine';
import { BoundedPage, boundedPage, Part } from './page';
import { Publications } from './publications';
import { readRevisedHours } from './servedState';
import { isoTime, RoundedWindow, windowState } from './window';

/** What a window covers under a watermark (unix ms). */
export type WindowOf = (watermark: number | null) => RoundedWindow;

/** The state with the hours (unix ms) that changed after they were final. */
export type ServedNumbers = ServedState & { revisedHours: number[] };

async function readExtent(
  database: Database,
): Promise<Pick<ServedNumbers, 'firstHour' | 'lastHour' | 'revisedHours'>> {
  const [[[hours, first, last]], revisedHours] = await Promise.all([
    database.rows<[number, number, number]>(
      'SELECT count(), toUnixTimestamp(min(hour)), toUnixTimestamp(max(hour)) FROM naap.kpi_hourly',
    ),
    readRevisedHours(database),
  ]);
  return {
    firstHour: hours === 0 ? null : isoTime(first * 1000),
    lastHour: hours === 0 ? null : isoTime(last * 1000),
    revisedHours,
  };
}

export function metaOf(
  served: ServedNumbers,
  window: RoundedWindow,
): AnswerMeta {
  const { revisedHours, ...state } = served;
  const watermark =
    state.watermark === null ? null : Date.parse(state.watermark);
  return {
    ...state,
    freshnessMs: watermark === null ? null : Date.now() - watermark,
    window: {
      from: isoTime(window.from),
      to: isoTime(window.to),
      grain: window.grain,
      state: windowState(window, watermark, revisedHours),
    },
  };
}

/**
 * What makes an answer of what is served: it is of one build, kept for who asks the same, and says what it is of. One
 * that a publication overtakes is computed again.
 */
export class Answers {
  readonly #cache = new AnswerCache();
  readonly #publications: Publications;
  readonly #questions: Database;

  constructor({
    publications,
    questions,
  }: Pick<Engine, 'publications' | 'questions'>) {
    this.#publications = publications;
    this.#questions = questions;
  }

  /** Reads again until no publication came between. The watermark is in unix ms. */
  async consistently<Value>(
    read: (revision: number, watermark: number | null) => Promise<Value>,
  ): Promise<{ served: ServedNumbers; value: Value }> {
    for (;;) {
      const state = await this.#publications.current();
      const { revision } = state;
      const [value, { bytes, ...extent }] = await Promise.all([
        read(
          revision,
          state.watermark === null ? null : Date.parse(state.watermark),
        ),
        this.#cache.get(revision, 'extent', async () => ({
          ...(await readExtent(this.#questions)),
          bytes: 0,
        })),
      ]);
      if ((await this.#publications.current()).revision === revision) {
        const { build, watermark, simulated, syncedAt } = state;
        return {
          served: { build, watermark, syncedAt, simulated, ...extent },
          value,
        };
      }
    }
  }

  /** A page of a list, read once; `of` tells all that it depends on beside the list. */
  page<Row extends object>(
    revision: number,
    list: string,
    of: unknown[],
    read: () => Promise<Part<Row>>,
    keyOf: (row: Row) => Key,
  ): Promise<BoundedPage<Row>> {
    return this.#cache.get(revision, JSON.stringify([list, of]), async () =>
      boundedPage(list, await read(), keyOf),
    );
  }

  /** The answer to a question, computed once at a revision; `of` tells all that it depends on. */
  kept<Answer extends { bytes: number }>(
    revision: number,
    of: unknown[],
    compute: () => Promise<Answer>,
  ): Promise<Answer> {
    return this.#cache.get(revision, JSON.stringify(of), compute);
  }

  /** What is read of a window, with what it is of. */
  async ofWindow<Value extends { bytes: number }>(
    windowOf: WindowOf,
    read: (revision: number, window: RoundedWindow) => Promise<Value>,
  ): Promise<Omit<Value, 'bytes'> & { meta: AnswerMeta }> {
    const { served, value } = await this.consistently(
      async (revision, watermark) => {
        const window = windowOf(watermark);
        return { window, answer: await read(revision, window) };
      },
    );
    const { bytes, ...answer } = value.answer;
    return { meta: metaOf(served, value.window), ...answer };
  }

  /** Drops what nobody asked for since a time, Unix ms. */
  dropUnused(since: number): void {
    this.#cache.dropUnused(since);
  }
}

import { mockServices } from '@backstage/backend-test-utils';
import { readPipelineConfig } from './pipelineConfig';

const read = (naap: object) =>
  readPipelineConfig(mockServices.rootConfig({ data: { naap } }));
const schedule = (step: string, definition: object) =>
  read({ pipeline: { schedules: { [step]: definition } } }).schedules;

const every = (hours: number) => ({
  frequency: { hours },
  timeout: { minutes: 1 },
});

describe('readPipelineConfig', () => {
  it('maintains every ten minutes, compares each night and leases for 30 s unless told otherwise', () => {
    expect(read({})).toEqual({
      schedules: {
        maintain: expect.objectContaining({ frequency: { minutes: 10 } }),
        compare: expect.objectContaining({ frequency: { cron: '30 3 * * *' } }),
      },
      executes: undefined,
      leaseMs: 30_000,
      openLineageUrl: undefined,
    });
  });

  it('executes all, nothing where workers do, and of a worker what it is told', () => {
    expect(read({ pipeline: { execute: false } }).executes).toEqual([]);
    expect(
      read({
        pipeline: { execute: false },
        worker: { steps: ['build', 'sync'] },
      }).executes,
    ).toEqual(['build', 'sync']);
  });

  it('scrapes by the clock where the scraper is configured', () => {
    expect(read({ scraper: {} }).schedules.scrape).toMatchObject({
      frequency: { seconds: 60 },
    });
    expect(
      read({ scraper: { intervalSeconds: 30 } }).schedules.scrape,
    ).toMatchObject({ frequency: { seconds: 30 } });
  });

  it('takes schedules by step, and one in place of the default', () => {
    expect(schedule('build', every(6))).toMatchObject({
      build: { frequency: { hours: 6 } },
      maintain: { frequency: { minutes: 10 } },
    });
    expect(
      schedule('maintain', {
        frequency: { cron: '0 3 * * *' },
        timeout: 'PT30S',
      }),
    ).toMatchObject({
      maintain: expect.objectContaining({ frequency: { cron: '0 3 * * *' } }),
    });
    expect(
      schedule('maintain', {
        frequency: { trigger: 'manual' },
        timeout: { seconds: 30 },
      }),
    ).toMatchObject({ maintain: { frequency: { trigger: 'manual' } } });
  });

  it.each([
    [
      { pipeline: { schedules: { explode: every(1) } } },
      'naap.pipeline.schedules.explode is no step; use scrape',
    ],
    [
      { pipeline: { schedules: { build: { frequency: { hours: 1 } } } } },
      "naap.pipeline.schedules.build can't be read",
    ],
    [
      {
        pipeline: {
          schedules: { build: { ...every(1), timeout: { hours: 2 } } },
        },
      },
      'naap.pipeline.schedules.build.timeout is 7200 s; use at most 60 s',
    ],
    [
      { worker: { steps: [] } },
      'naap.worker.steps is empty; use some of scrape',
    ],
    [{ worker: { steps: ['bild'] } }, "'bild' of naap.worker.steps is no step"],
    [{ worker: {} }, 'naap.worker.steps'],
    [{ pipeline: { leaseSeconds: 0 } }, 'naap.pipeline.leaseSeconds is 0'],
    [
      { openLineage: { url: 'http://collector.example/v1' } },
      "naap.openLineage.url is 'http://collector.example/v1'; use an https URL",
    ],
    [{ openLineage: { url: 'file:///etc/passwd' } }, 'use an https URL'],
    [{ openLineage: { url: 'odd' } }, 'use an https URL'],
  ])('names the key, the value and the mend of %j', (naap, message) => {
    expect(() => read(naap)).toThrow(message);
  });

  it('takes https, and http to this machine, for OpenLineage', () => {
    for (const url of [
      'https://collector.example/api/v1/lineage',
      'http://localhost:5000/api/v1/lineage',
      'http://127.0.0.1:5000/',
      'http://[::1]:5000/',
    ]) {
      expect(read({ openLineage: { url } }).openLineageUrl).toBe(url);
    }
  });
});

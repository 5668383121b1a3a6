import { AnswerCache } from './answerCache';

const answer = (rows: number[], bytes = 0) => ({ rows, bytes });

it('computes once per revision, also for askers at the same time', async () => {
  const cache = new AnswerCache();
  const compute = jest.fn(async () => answer([1]));
  const answers = await Promise.all([
    cache.get(1, 'a', compute),
    cache.get(1, 'a', compute),
  ]);
  await cache.get(1, 'a', compute);
  expect(answers.map(({ rows }) => rows)).toEqual([[1], [1]]);
  expect(compute).toHaveBeenCalledTimes(1);
  await cache.get(2, 'a', compute);
  expect(compute).toHaveBeenCalledTimes(2);
});

it('forgets a failure', async () => {
  const cache = new AnswerCache();
  const broken = Promise.reject(new Error('broken'));
  await expect(cache.get(1, 'a', () => broken)).rejects.toThrow('broken');
  await expect(cache.get(1, 'a', async () => answer([2]))).resolves.toEqual(
    answer([2]),
  );
});

it('drops the answers that were not used for longest when they are too many bytes', async () => {
  const cache = new AnswerCache();
  const compute = jest.fn(async () => answer([1], 10 * 1024 * 1024));
  await cache.get(1, 'a', compute);
  await cache.get(1, 'b', compute);
  await cache.get(1, 'a', compute);
  await cache.get(1, 'c', compute);
  expect(compute).toHaveBeenCalledTimes(3);
  await cache.get(1, 'a', compute);
  expect(compute).toHaveBeenCalledTimes(3);
  await cache.get(1, 'b', compute);
  expect(compute).toHaveBeenCalledTimes(4);
});

it('drops what nobody asked for since a time', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_000);
  const cache = new AnswerCache();
  const compute = jest.fn(async () => answer([1], 9_000));
  await cache.get(1, 'a', compute);
  await cache.get(1, 'b', compute);
  now.mockReturnValue(2_000);
  await cache.get(1, 'a', compute);
  cache.dropUnused(2_000);
  await cache.get(1, 'a', compute);
  expect(compute).toHaveBeenCalledTimes(2);
  await cache.get(1, 'b', compute);
  expect(compute).toHaveBeenCalledTimes(3);
  now.mockRestore();
});

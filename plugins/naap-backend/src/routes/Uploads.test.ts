import { Uploads } from './Uploads';

describe('Uploads', () => {
  const ended = Promise.withResolvers<string>();
  const begin = (uploads: Uploads, source: string, count: number) =>
    Array.from({ length: count }, () =>
      uploads.run(source, () => ended.promise),
    );

  it('lets one source bring so many at once, and all so many', async () => {
    const uploads = new Uploads();
    const running = begin(uploads, 'a', 16);
    await expect(uploads.run('a', async () => 'x')).rejects.toMatchObject({
      statusCode: 429,
      message: expect.stringContaining("16 uploads of 'a'"),
    });
    running.push(...begin(uploads, 'b', 8));
    await expect(uploads.run('c', async () => 'x')).rejects.toMatchObject({
      statusCode: 503,
    });

    ended.resolve('done');
    await Promise.all(running);
    for (const source of ['a', 'c']) {
      expect(await uploads.run(source, async () => 'x')).toBe('x');
    }
  });

  it('forgets one that fails', async () => {
    const uploads = new Uploads();
    for (let i = 0; i < 50; i++) {
      const failing = uploads.run('a', () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
    }
  });
});

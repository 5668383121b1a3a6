import { DiskFullError, freeBytes, isDiskFull } from './diskSpace';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('isDiskFull', () => {
  it.each([
    withCode('ENOSPC'),
    withCode('EDQUOT'),
    withCode('SQLITE_FULL'),
    new DiskFullError('x'),
    new Error('insert into `naap_runs` - database or disk is full'),
    new Error('[Errno 28] No space left on device'),
    new Error('IO Error: Could not write file "/a": No space left on device'),
    new Error('Code: 243. DB::Exception: Cannot reserve. (NOT_ENOUGH_SPACE)'),
    new Error('outside', {
      cause: new Error('x', { cause: withCode('ENOSPC') }),
    }),
  ])('tells that the disk is full: %s', error => {
    expect(isDiskFull(error)).toBe(true);
  });

  it.each([withCode('EACCES'), new Error('x'), 'text', null, undefined])(
    'tells that it is something else: %s',
    error => {
      expect(isDiskFull(error)).toBe(false);
    },
  );
});

describe('freeBytes', () => {
  it('is what may be written', async () => {
    expect(await freeBytes('/')).toBeGreaterThan(0);
    await expect(freeBytes('/no/such/place')).rejects.toThrow('ENOENT');
  });
});

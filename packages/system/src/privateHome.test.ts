import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeHome } from './privateHome';

describe('closeHome', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'naap-mode-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const closed = async (mode: number) => {
    chmodSync(home, mode);
    await closeHome(home);
    return (statSync(home).mode & 0o7777).toString(8);
  };

  it('takes a home from all others', async () => {
    expect(await closed(0o755)).toBe('700');
    expect(await closed(0o770)).toBe('700');
    expect(await closed(0o500)).toBe('500');
  });

  it('leaves a directory alone that is shared on purpose', async () => {
    expect(await closed(0o1777)).toBe('1777');
    expect(await closed(0o2770)).toBe('2770');
  });

  it('does nothing where there is no home yet', async () => {
    await closeHome(join(home, 'none'));
    expect(() => statSync(join(home, 'none'))).toThrow('ENOENT');
  });
});

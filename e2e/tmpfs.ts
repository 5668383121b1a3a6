import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from './command.ts';

/** An empty NAAP_HOME on a small disk of its own, which can be filled and freed. */
export class TmpfsHome {
  readonly home: Home;
  readonly #ballast: string;

  private constructor(home: Home) {
    this.home = home;
    this.#ballast = join(home.path, 'ballast');
  }

  /** Null where this user can't mount one. */
  static async create(mib: number): Promise<TmpfsHome | null> {
    const folder = await mkdtemp(join(tmpdir(), 'naap-disk-'));
    try {
      execFileSync(
        'mount',
        ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'tmpfs', folder],
        { stdio: 'ignore' },
      );
    } catch {
      await rm(folder, { recursive: true });
      return null;
    }
    return new TmpfsHome(Home.at(folder));
  }

  /** Leaves no byte. */
  async fill(): Promise<void> {
    const file = await open(this.#ballast, 'a');
    try {
      for (const bytes of [1024 * 1024, 4096, 1]) {
        const block = Buffer.alloc(bytes);
        await fillWith(() => file.write(block));
      }
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  async remove(): Promise<void> {
    await this.free();
    await this.home.run(['down']);
    execFileSync('umount', ['-l', this.home.path]);
    await rm(this.home.path, { recursive: true, force: true });
  }
}

async function fillWith(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}

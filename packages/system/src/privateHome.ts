import { chmod, stat } from 'node:fs/promises';

const OTHERS = 0o077;
/** Sticky or set-group-id: a directory that somebody shares on purpose, such as /tmp. */
const SHARED = 0o3000;

/** Everything that this process and its children make is for its user alone. */
export function ownerOnly(): void {
  process.umask(OTHERS);
}

/**
 * Takes a home, if it is there and this user's, from all others: it holds strangers' addresses and tokens. A directory
 * that is shared on purpose stays as it is; what is made in it is private.
 */
export async function closeHome(home: string): Promise<void> {
  const info = await stat(home).catch(() => null);
  if (!info?.isDirectory() || info.uid !== process.getuid?.()) return;
  if ((info.mode & SHARED) !== 0 || (info.mode & OTHERS) === 0) return;
  await chmod(home, 0o700);
}

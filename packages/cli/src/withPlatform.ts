import type { Context } from './context';
import { openPlatform } from './platform/openPlatform';
import type { Platform } from './platform/Platform';
import { Progress } from './progress';

/** Opens the platform, uses it with progress on stderr, and lets it go. */
export async function withPlatform<T>(
  context: Context,
  use: (platform: Platform, progress: Progress) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(context);
  const progress = new Progress();
  try {
    return await use(platform, progress);
  } finally {
    progress.clear();
    await platform.close();
  }
}

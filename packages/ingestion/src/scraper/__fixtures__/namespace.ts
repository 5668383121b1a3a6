import { execFileSync, spawnSync } from 'node:child_process';

const UNSHARE = ['--net', '--map-root-user'];

/** Skipped where this user may not unshare the network; in CI that is a failure. */
export const describeIsolated =
  spawnSync('unshare', [...UNSHARE, 'true']).status === 0 || process.env.CI
    ? describe
    : describe.skip;

/** In a namespace: every address that there is belongs to this machine. */
export const ALL_IS_HERE =
  'ip route add local 0.0.0.0/0 dev lo; ip -6 route add local ::/0 dev lo';

/** Runs a script where there is no network but loopback; what it printed. */
export function runWithoutNetwork(script: string, setUp = 'true'): string {
  const command = [
    process.execPath,
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    script,
  ];
  return execFileSync(
    'unshare',
    [
      ...UNSHARE,
      'sh',
      '-c',
      `ip link set lo up; ${setUp}; exec "$@"`,
      '-',
      ...command,
    ],
    { encoding: 'utf8' },
  );
}

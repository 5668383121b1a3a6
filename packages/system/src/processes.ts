import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process and no other: numbers are used again, also after the machine starts anew. */
export interface ProcessIdentity {
  pid: number;
  /** When it began, in a form that only compares: boot and clock ticks on Linux, a time on macOS. */
  started: string;
}

function startOnLinux(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Its name, which may hold anything, is in the last parentheses; the state is field 3, the start field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // One that has ended but that nobody has asked about yet (a zombie) does not run.
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${fields[19]}`;
}

function startElsewhere(pid: number): string | null {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.trim() || null;
}

/** When the process with this number began, or null when there is none. */
export function startOf(pid: number): string | null {
  try {
    return process.platform === 'linux'
      ? startOnLinux(pid)
      : startElsewhere(pid);
  } catch {
    return null;
  }
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** Whether that very process runs, not only one with its number. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return started !== '' && startOf(pid) === started;
}

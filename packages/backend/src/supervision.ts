/**
 * Ends this process, gently, when the `naap up` that started it is gone, however it went: a portal that nobody
 * stops would keep the home for itself. Does nothing when it was started by hand (no channel to a parent).
 */
export function endWithParent(portal: NodeJS.Process): void {
  if (!portal.connected) return;
  portal.once('disconnect', () => portal.kill(portal.pid, 'SIGTERM'));
}

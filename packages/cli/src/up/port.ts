import { createServer } from 'node:net';
import { FailedError } from '../errors';

/** @throws FailedError when something listens there, or nothing may */
export async function assertPortFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new FailedError(
          error.code === 'EADDRINUSE'
            ? `port ${port} is in use: stop what listens there, or give --port`
            : `port ${port}: ${error.message}`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

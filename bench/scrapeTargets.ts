/**
 * The other side of bench/scrape.ts, in a process of its own: an orchestrator
 * at every address of 127.0.0.0/8, which answers /discovery after the
 * milliseconds of argv[2]. Prints its port.
 */
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';

const runner = (n: number) => ({
  url: `https://runner-${n}.example:8443`,
  gpu: { id: `GPU-${n}`, name: 'NVIDIA GeForce RTX 4090', vram_mb: 24_564 },
  app: 'live-video-to-video/streamdiffusion-sdxl',
  version: '0.14.1',
  capacity: 2,
  capacity_used: 1,
  capacity_available: 1,
  price_info: { price: 1635.021, currency: 'wei', unit: 'pixel' },
});
const body = JSON.stringify([
  { address: 'https://orch.example:8935', runners: [1, 2, 3, 4].map(runner) },
]);

const server = createServer((_request, response) => {
  setTimeout(() => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  }, Number(process.argv[2]));
});
server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();

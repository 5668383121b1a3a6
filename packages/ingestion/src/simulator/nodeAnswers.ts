import type { LiveState } from './LiveState';
import type { Endpoint, Network } from './network';

const MEBIBYTE = 1024 ** 2;
/** Share of a GPU's memory that a loaded model leaves. */
const MEMORY_LEFT = 0.35;

/** A container of an endpoint: one GPU, one model, one stream at a time. */
export interface Container {
  endpoint: Endpoint;
  index: number;
}

/** One a GPU, as the hardware of a capability report lists them. */
export function containersOf(endpoint: Endpoint): Container[] {
  return endpoint.gpus.map((_, index) => ({ endpoint, index }));
}

function partsOf({ endpoint, index }: Container) {
  const gpu = endpoint.gpus[index];
  return { gpu, offer: endpoint.offers[index % endpoint.offers.length] };
}

/** Streams are dealt to containers in order; undefined: it is idle. */
function fpsOf(container: Container, state: LiveState, now: number) {
  return state.streamsOf(container.endpoint.url, now)[container.index];
}

/** `GET /discovery` answers since go-livepeer 0.9, on who serves live video. */
export function hasDiscovery({ orchestrator, offers }: Endpoint): boolean {
  return offers.length > 0 && !orchestrator.version.startsWith('0.8.');
}

export function discoveryOf(
  endpoint: Endpoint,
  state: LiveState,
  now: number,
): object {
  const runners = containersOf(endpoint).map(container => {
    const { gpu, offer } = partsOf(container);
    const used = fpsOf(container, state, now) === undefined ? 0 : 1;
    return {
      url: endpoint.url,
      gpu: {
        id: gpu.id,
        name: gpu.kind.name,
        vram_mb: Math.round(gpu.kind.memoryTotal / MEBIBYTE),
      },
      app: `live-video-to-video/${offer.model.id}`,
      version: endpoint.runnerVersion,
      mode: 'persistent',
      capacity: 1,
      capacity_used: used,
      capacity_available: 1 - used,
      price_info: { price: offer.pricePerUnit, currency: 'wei', unit: 'pixel' },
    };
  });
  return [{ address: endpoint.url, runners }];
}

/** What an ai-runner answers, by path. */
export function runnerAnswers(
  container: Container,
  state: LiveState,
  now: number,
): Record<string, object> {
  const { gpu, offer } = partsOf(container);
  const fps = fpsOf(container, state, now);
  const what = {
    pipeline: 'live-video-to-video',
    model_id: offer.model.id,
  };
  const card = {
    id: gpu.id,
    name: gpu.kind.name,
    memory_total: gpu.kind.memoryTotal,
    memory_free: Math.round(gpu.kind.memoryTotal * MEMORY_LEFT),
  };
  const full = offer.model.fps * gpu.kind.speed;
  const used = fps === undefined ? 0 : Math.min(1, fps / full);
  return {
    '/health': { status: fps === undefined ? 'IDLE' : 'OK' },
    '/version': { ...what, version: container.endpoint.runnerVersion },
    '/hardware/info': {
      ...what,
      gpu_info: {
        0: { ...card, major: gpu.kind.major, minor: gpu.kind.minor },
      },
    },
    '/hardware/stats': {
      ...what,
      gpu_stats: {
        0: {
          ...card,
          utilization_compute: Math.round(95 * used),
          utilization_memory: Math.round(60 * used),
        },
      },
    },
  };
}

/** What a gateway answers on its command-line port, by path. */
export function gatewayAnswers(
  { orchestrators }: Network,
  state: LiveState,
  now: number,
): Record<string, object | string> {
  const streams = state.count(now);
  return {
    '/status': { Version: '0.9.1', Manifests: {}, OrchestratorPool: [] },
    '/metrics': [
      '# TYPE livepeer_ai_current_live_pipelines gauge',
      `livepeer_ai_current_live_pipelines{node_type="bctr"} ${streams}`,
      '# TYPE livepeer_ai_orchestrators_available_total gauge',
      `livepeer_ai_orchestrators_available_total{node_type="bctr"} ${orchestrators.length}`,
      '',
    ].join('\n'),
    '/getNetworkCapabilities': {
      capabilities_names: { 35: 'Live video to video' },
      orchestrators: state.report,
    },
  };
}

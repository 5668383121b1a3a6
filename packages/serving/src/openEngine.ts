import type { EmbeddedTarget } from './chdb/chdbDatabase';
import { openChdbEngine } from './chdb/openChdbEngine';
import { openServerEngine } from './clickhouse-server/openServerEngine';
import type { ServerTarget } from './clickhouse-server/serverTarget';
import { Engine } from './engine';

export type ServingTarget = EmbeddedTarget | ServerTarget;

/** The one place that knows of more than one engine. */
export function openEngine(target: ServingTarget): Promise<Engine> {
  return 'path' in target ? openChdbEngine(target) : openServerEngine(target);
}

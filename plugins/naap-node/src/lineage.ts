import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type {
  LineageEdge,
  LineageNode,
  LineageNodeAnswer,
  LineagePart,
} from '@naap/plugin-naap-common';

/** A part of the lineage: what one layer knows of the way of the data. */
export interface LineageGraph {
  /**
   * Without `state`: where a node stands is asked for apart. `hidden`: too fine to be shown; what was connected through
   * it stays connected.
   */
  nodes: Array<Omit<LineageNode, 'state'> & { hidden?: boolean }>;
  /** May name nodes of other layers; an edge to a node that no layer brings is left out. */
  edges: LineageEdge[];
  /** What runs the layer's steps, and its databases. */
  parts?: LineagePart[];
}

/** The node of what is served of a table of gold. */
export const servedNodeId = (table: string) => `clickhouse.${table}`;

/** What a layer knows of one of its nodes now. */
export interface LineageNodeFacts {
  rows?: number | null;
  updatedAt?: string | null;
  /** Whether it is well, of what no step of the pipeline writes. */
  ok?: boolean | null;
  tests?: { passed: number; failed: number; failing: string[] } | null;
}

/**
 * Where a layer's module brings its part of the lineage, from the real configuration (dbt's manifest, the log, the
 * tables of the sync), never from a list kept by hand. The lineage page and the catalog are drawn from the same parts.
 */
export interface LineageSource {
  /** `ingestion`, `lakehouse`, `dbt`, `serving`. */
  id: string;
  read(): Promise<LineageGraph>;
  /** By node id; what is not known is absent. */
  facts(): Promise<Record<string, LineageNodeFacts>>;
  /** More about one node: columns, SQL, tests. Undefined: nothing more, or not of this layer. */
  detail?(id: string): Promise<Omit<LineageNodeAnswer, 'node'> | undefined>;
}

export interface NaapLineageExtensionPoint {
  /** Throws when the source's id is taken. */
  addSource(source: LineageSource): void;
}

export const naapLineageExtensionPoint =
  createExtensionPoint<NaapLineageExtensionPoint>({ id: 'naap.lineage' });

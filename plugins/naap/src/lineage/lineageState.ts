/** How far around the selection the graph is drawn. */
export const DEPTHS = ['1', '2', '3', 'all'] as const;
export type Depth = (typeof DEPTHS)[number];

/** What of the lineage is shown; kept in the URL alone. */
export interface LineageViewState {
  /** Id of the selected node. */
  node: string | null;
  /** Column of the selected node whose origin is shown. */
  column: string | null;
  depth: Depth;
  search: string;
  /** Null: what fits the screen. */
  view: 'graph' | 'table' | null;
}

/** Reads the state out of a query string. What makes no sense there falls back to the default. */
export function parseLineageState(params: URLSearchParams): LineageViewState {
  const node = params.get('node');
  const view = params.get('view');
  return {
    node,
    column: node === null ? null : params.get('column'),
    depth: DEPTHS.find(depth => depth === params.get('depth')) ?? 'all',
    search: params.get('q') ?? '',
    view: view === 'graph' || view === 'table' ? view : null,
  };
}

/** The shortest query string that gives the state back. */
export function formatLineageState(state: LineageViewState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.node !== null) {
    params.set('node', state.node);
    if (state.column !== null) {
      params.set('column', state.column);
    }
  }
  if (state.depth !== 'all') {
    params.set('depth', state.depth);
  }
  if (state.search) {
    params.set('q', state.search);
  }
  if (state.view) {
    params.set('view', state.view);
  }
  return params;
}

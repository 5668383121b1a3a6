import { ButtonIcon } from '@backstage/ui';
import { LineageEdge, LineageNode } from '@naap/plugin-naap-common';
import { RiAddLine, RiFullscreenLine, RiSubtractLine } from '@remixicon/react';
import {
  KeyboardEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useSame } from '../explorer/useExplorerState';
import { formatCountOf } from '../lib/format';
import { Direction, nextNode } from './graph';
import { CARD, edgePath, layoutLineage, LineageLayout } from './layout';
import styles from './LineageGraph.module.css';
import { NodeCard } from './NodeCard';
import { useViewport } from './useViewport';
import { centre, fit, isInView, open, reveal } from './viewport';

const ZOOM = 1.25;
const PAN_PX = 60;
const DIRECTIONS: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const PANS: Record<Direction, [x: number, y: number]> = {
  left: [PAN_PX, 0],
  right: [-PAN_PX, 0],
  up: [0, PAN_PX],
  down: [0, -PAN_PX],
};

/**
 * The graph from left to right. One stop of the Tab key: arrow keys go from node to node, Enter selects, Escape lets go,
 * + and − zoom, 0 shows all.
 */
export function LineageGraph(props: {
  nodes: readonly LineageNode[];
  edges: readonly LineageEdge[];
  selected: string | null;
  /** Nodes that stand out while the others are dimmed; null: all are alike. */
  highlighted: ReadonlySet<string> | null;
  found: ReadonlySet<string>;
  nowMs: number;
  onSelect: (id: string | null) => void;
}) {
  const { nodes, edges, selected, highlighted, found, onSelect } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const { view, setView, pan, zoom, props: dragging } = useViewport(canvas);
  const [focused, setFocused] = useState<string | null>(null);

  // Where a node stands moves it nowhere; only other nodes or edges do.
  const shape = useSame({
    nodes: nodes.map(({ id, layer }) => ({ id, layer })),
    edges,
  });
  const layout = useMemo(
    () => layoutLineage(shape.nodes, shape.edges),
    [shape],
  );

  useEffect(
    () => setView(open(layout, sizeOf(canvas.current))),
    [layout, setView],
  );
  useEffect(() => {
    const box = selected === null ? undefined : boxOf(layout, selected);
    if (box) {
      setView(before => {
        const screen = sizeOf(canvas.current);
        return isInView(before, box, screen)
          ? before
          : centre(before, box, screen);
      });
    }
  }, [layout, selected, setView]);

  const onFocus = useCallback(
    (id: string) => {
      setFocused(id);
      const box = boxOf(layout, id);
      if (canvas.current && box) {
        // The browser brings into view what gets the focus by scrolling; here the view moves instead.
        canvas.current.scrollTo(0, 0);
        const screen = sizeOf(canvas.current);
        setView(before => reveal(before, box, screen));
      }
    },
    [layout, setView],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const direction = DIRECTIONS[event.key];
    const current = (event.target as HTMLElement).dataset.node;
    if (direction && current !== undefined) {
      const next = nextNode(layout, current, direction);
      canvas.current
        ?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next ?? '')}"]`)
        ?.focus({ preventScroll: true });
    } else if (direction) {
      pan(...PANS[direction]);
    } else if (event.key === '+' || event.key === '=') {
      zoom(ZOOM);
    } else if (event.key === '-') {
      zoom(1 / ZOOM);
    } else if (event.key === '0') {
      setView(fit(layout, sizeOf(canvas.current)));
    } else if (event.key === 'Escape') {
      onSelect(null);
    } else {
      return;
    }
    event.preventDefault();
  };

  const handlers = { ...dragging, onKeyDown };
  const tabStop = [focused, selected, nodes[0]?.id].find(
    id => typeof id === 'string' && layout.nodes.has(id),
  );
  return (
    <div className={styles.root}>
      <div
        ref={canvas}
        className={styles.canvas}
        role="group"
        aria-label={`Lineage graph: ${formatCountOf(
          nodes.length,
          'nodes',
        )}, ${formatCountOf(edges.length, 'edges')}`}
        aria-describedby="naap-lineage-keys"
        tabIndex={-1}
        {...handlers}
      >
        <div
          className={styles.drawing}
          style={{
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
          }}
        >
          <Edges
            layout={layout}
            edges={shape.edges}
            highlighted={highlighted}
          />
          {layout.layers.map(({ layer, x, width }) => (
            <div
              key={layer}
              className={styles.layer}
              style={{ left: x, width }}
            >
              {layer}
            </div>
          ))}
          {nodes.map(node => {
            const placed = layout.nodes.get(node.id);
            return (
              placed && (
                <NodeCard
                  key={node.id}
                  node={node}
                  placed={placed}
                  isSelected={node.id === selected}
                  isDimmed={highlighted !== null && !highlighted.has(node.id)}
                  isFound={found.has(node.id)}
                  isTabStop={node.id === tabStop}
                  nowMs={props.nowMs}
                  onSelect={onSelect}
                  onFocus={onFocus}
                />
              )
            );
          })}
        </div>
      </div>
      <div className={styles.controls}>
        <ButtonIcon
          size="small"
          variant="secondary"
          icon={<RiAddLine aria-hidden="true" />}
          aria-label="Zoom in"
          onPress={() => zoom(ZOOM)}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          icon={<RiSubtractLine aria-hidden="true" />}
          aria-label="Zoom out"
          onPress={() => zoom(1 / ZOOM)}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          icon={<RiFullscreenLine aria-hidden="true" />}
          aria-label="Show all"
          onPress={() => setView(fit(layout, sizeOf(canvas.current)))}
        />
      </div>
      <p id="naap-lineage-keys" className={styles.keys}>
        Arrow keys move between nodes, Enter selects, + and − zoom, 0 shows all.
        The wheel moves; with Ctrl it zooms.
      </p>
    </div>
  );
}

function sizeOf(element: HTMLElement | null) {
  return {
    width: element?.clientWidth ?? 0,
    height: element?.clientHeight ?? 0,
  };
}

function boxOf(layout: LineageLayout, id: string) {
  const placed = layout.nodes.get(id);
  return (
    placed && {
      x: placed.x,
      y: placed.y,
      width: CARD.width,
      height: CARD.height,
    }
  );
}

/** All edges as one path, and those between highlighted nodes as another one over it. */
function Edges(props: {
  layout: LineageLayout;
  edges: readonly LineageEdge[];
  highlighted: ReadonlySet<string> | null;
}) {
  const { layout, edges, highlighted } = props;
  const { all, lit } = useMemo(() => {
    const paths = edges.flatMap(({ from, to }) => {
      const source = layout.nodes.get(from);
      const target = layout.nodes.get(to);
      return source && target
        ? [
            {
              path: edgePath(source, target),
              isLit: highlighted?.has(from) && highlighted.has(to),
            },
          ]
        : [];
    });
    const join = (some: typeof paths) => some.map(({ path }) => path).join('');
    return { all: join(paths), lit: join(paths.filter(({ isLit }) => isLit)) };
  }, [layout, edges, highlighted]);
  return (
    <svg
      className={styles.edges}
      width={layout.width}
      height={layout.height}
      aria-hidden="true"
    >
      <path d={all} className={highlighted ? styles.dimmedEdge : styles.edge} />
      <path d={lit} className={styles.litEdge} />
    </svg>
  );
}

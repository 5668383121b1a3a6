import {
  PointerEvent,
  RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Viewport, zoomAt } from './viewport';

const WHEEL_ZOOM = 0.0015;

/**
 * Moves and zooms what is in an element: the wheel moves, with Ctrl (or by a pinch) it zooms around the pointer, dragging
 * the background moves. Spread `props` on the element.
 */
export function useViewport(element: RefObject<HTMLElement>) {
  const [view, setView] = useState<Viewport>({ x: 0, y: 0, scale: 1 });
  const dragged = useRef<{ x: number; y: number } | null>(null);

  const pan = useCallback(
    (x: number, y: number) =>
      setView(before => ({ ...before, x: before.x + x, y: before.y + y })),
    [],
  );
  const zoom = useCallback(
    (factor: number) => {
      const { clientWidth = 0, clientHeight = 0 } = element.current ?? {};
      const middle = { x: clientWidth / 2, y: clientHeight / 2 };
      setView(before => zoomAt(before, factor, middle));
    },
    [element],
  );

  useEffect(() => {
    const target = element.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) {
        const box = (
          event.currentTarget as HTMLElement
        ).getBoundingClientRect();
        const at = { x: event.clientX - box.left, y: event.clientY - box.top };
        const factor = Math.exp(-event.deltaY * WHEEL_ZOOM);
        setView(before => zoomAt(before, factor, at));
      } else {
        pan(-event.deltaX, -event.deltaY);
      }
    };
    // React listens passively, which leaves the page scrolling.
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
  }, [element, pan]);

  const props = useMemo(
    () => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (!(event.target as HTMLElement).closest('button')) {
          dragged.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (dragged.current) {
          const { x, y } = dragged.current;
          dragged.current = { x: event.clientX, y: event.clientY };
          pan(event.clientX - x, event.clientY - y);
        }
      },
      onPointerUp: () => {
        dragged.current = null;
      },
      onPointerCancel: () => {
        dragged.current = null;
      },
    }),
    [pan],
  );

  return { view, setView, pan, zoom, props };
}

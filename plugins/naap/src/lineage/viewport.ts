/** What of the drawing is in view: its origin on the screen, px, and its scale. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

interface Size {
  width: number;
  height: number;
}

const SCALES = { least: 0.08, most: 2 };
const MARGIN = 32;
// Below it the texts of the cards are too small.
const READABLE = 0.7;

/** The view with its scale multiplied, the point of the screen staying where it is. */
export function zoomAt(
  view: Viewport,
  factor: number,
  at: { x: number; y: number },
): Viewport {
  const scale = Math.min(
    SCALES.most,
    Math.max(SCALES.least, view.scale * factor),
  );
  const by = scale / view.scale;
  return {
    x: at.x - (at.x - view.x) * by,
    y: at.y - (at.y - view.y) * by,
    scale,
  };
}

/** The view that shows all of a drawing, in the middle and never larger than it is. */
export function fit(drawing: Size, screen: Size): Viewport {
  const scale = Math.min(
    1,
    Math.max(
      SCALES.least,
      Math.min(
        (screen.width - 2 * MARGIN) / Math.max(1, drawing.width),
        (screen.height - 2 * MARGIN) / Math.max(1, drawing.height),
      ),
    ),
  );
  return {
    x: (screen.width - drawing.width * scale) / 2,
    y: (screen.height - drawing.height * scale) / 2,
    scale,
  };
}

/** The first view: all of a drawing if it can be read then, else its left side. */
export function open(drawing: Size, screen: Size): Viewport {
  const all = fit(drawing, screen);
  const scale = Math.max(READABLE, all.scale);
  return {
    x: drawing.width * scale > screen.width - 2 * MARGIN ? MARGIN : all.x,
    y: (screen.height - drawing.height * scale) / 2,
    scale,
  };
}

/** The view with a box of the drawing in its middle, large enough to be read. */
export function centre(
  view: Viewport,
  box: Size & { x: number; y: number },
  screen: Size,
): Viewport {
  const scale = Math.max(READABLE, view.scale);
  return {
    x: screen.width / 2 - (box.x + box.width / 2) * scale,
    y: screen.height / 2 - (box.y + box.height / 2) * scale,
    scale,
  };
}

/** Whether all of a box of the drawing is in the view. */
export function isInView(
  view: Viewport,
  box: Size & { x: number; y: number },
  screen: Size,
): boolean {
  const moved = reveal(view, box, screen);
  return moved.x === view.x && moved.y === view.y;
}

/** The view moved no more than it takes to have a box of the drawing in it. */
export function reveal(
  view: Viewport,
  box: Size & { x: number; y: number },
  screen: Size,
): Viewport {
  const move = (origin: number, at: number, size: number, room: number) => {
    const from = origin + at * view.scale;
    const to = from + size * view.scale;
    // What is larger than the screen shows its beginning.
    return (
      origin - Math.max(0, to - (room - MARGIN)) + Math.max(0, MARGIN - from)
    );
  };
  return {
    ...view,
    x: move(view.x, box.x, box.width, screen.width),
    y: move(view.y, box.y, box.height, screen.height),
  };
}

// Grafana's grid: 24 columns, cells of 30 pixels, gaps of 8; panels fall upwards into room that is free.

import type { GridPos, PanelModel } from './model';

const COLUMNS = 24;
const CELL = 30;
const GAP = 8;

export interface Placed {
  panel: PanelModel;
  pos: GridPos;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Grid {
  placed: Placed[];
  height: number;
  faults: string[];
}

export function gridOf(panels: readonly PanelModel[], pageWidth: number, expand: boolean): Grid {
  const faults: string[] = [];
  const flat = expand ? expanded(panels) : panels.map((panel) => ({ panel, pos: panel.gridPos }));
  const column = (pageWidth - GAP * (COLUMNS - 1)) / COLUMNS;
  const taken: GridPos[] = [];
  const placed = [...flat]
    .sort((a, b) => a.pos.y - b.pos.y || a.pos.x - b.pos.x)
    .map(({ panel, pos }): Placed => {
      const name = `${panel.type} "${panel.title ?? ''}"`;
      if (pos.x < 0 || pos.x + pos.w > COLUMNS) faults.push(`${name} is outside of the 24 columns`);
      const other = taken.find((one) => overlap(one, pos));
      if (other) faults.push(`${name} overlaps another panel`);
      let y = pos.y;
      while (y > 0 && !taken.some((one) => overlap(one, { ...pos, y: y - 1 }))) y--;
      if (y !== pos.y && !expand)
        faults.push(`${name} hangs in the air: Grafana moves it up by ${pos.y - y}`);
      const at = { ...pos, y };
      taken.push(at);
      return {
        panel,
        pos: at,
        left: Math.round(pos.x * (column + GAP)),
        top: y * (CELL + GAP),
        width: Math.round(pos.w * column + (pos.w - 1) * GAP),
        height: pos.h * CELL + (pos.h - 1) * GAP,
      };
    });
  return { placed, faults, height: Math.max(0, ...placed.map(({ top, height }) => top + height)) };
}

const overlap = (a: GridPos, b: GridPos) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Collapsed rows opened: what is inside comes after the row, all below moves down. */
function expanded(panels: readonly PanelModel[]): { panel: PanelModel; pos: GridPos }[] {
  let down = 0;
  return [...panels]
    .sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)
    .flatMap((panel) => {
      const pos = { ...panel.gridPos, y: panel.gridPos.y + down };
      const inner = panel.panels ?? [];
      if (panel.type !== 'row' || !inner.length) return [{ panel, pos }];
      const first = Math.min(...inner.map(({ gridPos }) => gridPos.y));
      const placed = inner.map((one) => ({
        panel: one,
        pos: { ...one.gridPos, y: one.gridPos.y - first + pos.y + 1 },
      }));
      down += Math.max(...placed.map((one) => one.pos.y + one.pos.h)) - pos.y - 1;
      return [{ panel: { ...panel, collapsed: false }, pos }, ...placed];
    });
}

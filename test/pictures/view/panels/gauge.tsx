// One gauge. Grafana's packages do not export theirs, so this is drawn here in its manner: an arc of 220 degrees,
// a thin outer arc of the thresholds, the value in the middle.

import {
  FALLBACK_COLOR,
  formattedValueToString,
  ThresholdsMode,
  type FieldDisplay,
  type GrafanaTheme2,
} from '@grafana/data';
import type { VizTextDisplayOptions } from '@grafana/schema';
import { calculateFontSize } from '@grafana/ui';

interface Props {
  value: FieldDisplay;
  width: number;
  height: number;
  named: boolean;
  theme: GrafanaTheme2;
  text?: VizTextDisplayOptions;
  /** The outer arc of thresholds, and its numbers. */
  bar: boolean;
  labels: boolean;
}

/** Degrees clockwise from the top. */
const START = 250;
const SWEEP = 220;
const LINE_HEIGHT = 1.21;

export function Gauge({ value, width, height, named, theme, text, bar, labels }: Props) {
  const { display, field } = value;
  const min = field.min ?? 0;
  const max = field.max ?? 100;
  const share = (at: number) => (max > min ? Math.min(Math.max((at - min) / (max - min), 0), 1) : 0);

  const below = Math.sin(((SWEEP / 2 - 90) * Math.PI) / 180);
  const labelSize = labels ? Math.max(10, 0.06 * Math.min(width, height)) : 0;
  const outer = Math.max(Math.min(width / 2 - labelSize * 1.8, (height - labelSize * 1.2) / (1 + below)), 8);
  const barWidth = Math.max(outer * 0.16, 2);
  const rimWidth = bar ? Math.min(Math.max(0.2 * barWidth ** 0.92, 4), 12) : 0;
  const rim = outer - rimWidth / 2;
  const radius = outer - rimWidth - (bar ? Math.max(rimWidth / 2, 2) : 0) - barWidth / 2;
  const x = width / 2;
  const y = (height - outer * (1 + below) - labelSize * 1.2) / 2 + labelSize * 1.2 + outer;

  const arc = (r: number, from: number, to: number) => {
    const [a, b] = [point(x, y, r, from), point(x, y, r, to)];
    return `M ${a} A ${r} ${r} 0 ${(to - from) * SWEEP > 180 ? 1 : 0} 1 ${b}`;
  };
  const steps = stepsOf(value, min, max, theme);

  const room = radius * 2 - barWidth - radius / 7;
  const tall = 0.82 * radius ** 0.86;
  const size = (string: string, fitting: number) =>
    calculateFontSize(string, room, fitting, LINE_HEIGHT, undefined, 400);
  const valueSize = text?.valueSize ?? Math.max(size(formattedValueToString(display), tall), 1);
  const nameSize = named
    ? (text?.titleSize ?? Math.max(size(display.title ?? '', 0.45 * radius ** 0.86), 10))
    : 0;
  const lift = ((valueSize + nameSize) * LINE_HEIGHT) / 4;
  const middle = y - lift - (named ? nameSize * LINE_HEIGHT * 0.3 : 0);
  const unitSize = Math.max(valueSize * 0.7, 6);

  return (
    <svg width={width} height={height} role="img" fontFamily={theme.typography.fontFamily}>
      <path d={arc(radius, 0, 1)} stroke={theme.colors.action.hover} strokeWidth={barWidth} fill="none" />
      {Number.isFinite(display.numeric) && share(display.numeric) > 0 && (
        <path
          d={arc(radius, 0, share(display.numeric))}
          stroke={display.color ?? FALLBACK_COLOR}
          strokeWidth={barWidth}
          fill="none"
        />
      )}
      {bar &&
        steps.map(({ from, to, color }, index) => (
          <path
            key={index}
            d={arc(rim, share(from), share(to))}
            stroke={color}
            strokeWidth={rimWidth}
            fill="none"
          />
        ))}
      {labels &&
        steps.map(({ from, text: label }, index) => {
          const [lx, ly] = point(x, y, outer + labelSize * 0.8, share(from)).split(' ');
          return (
            <text
              key={index}
              x={lx}
              y={ly}
              fontSize={labelSize}
              fill={theme.colors.text.primary}
              textAnchor="middle"
            >
              {label}
            </text>
          );
        })}
      <text
        x={x}
        y={middle}
        fontSize={valueSize}
        fill={theme.colors.text.primary}
        textAnchor="middle"
        dominantBaseline="middle"
      >
        <tspan fontSize={unitSize}>{display.prefix ?? ''}</tspan>
        <tspan>{display.text}</tspan>
        <tspan fontSize={unitSize}>{display.suffix ?? ''}</tspan>
      </text>
      {named && (
        <text
          x={x}
          y={middle + valueSize * LINE_HEIGHT * 0.7}
          fontSize={nameSize}
          fill={theme.colors.text.secondary}
          textAnchor="middle"
          dominantBaseline="middle"
        >
          {display.title}
        </text>
      )}
    </svg>
  );
}

function point(x: number, y: number, radius: number, share: number): string {
  const angle = ((START + share * SWEEP - 90) * Math.PI) / 180;
  return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
}

interface Step {
  from: number;
  to: number;
  color: string;
  text: string;
}

/** The thresholds between the ends of the scale. */
function stepsOf(
  { field, view, colIndex }: FieldDisplay,
  min: number,
  max: number,
  theme: GrafanaTheme2,
): Step[] {
  const { mode, steps = [] } = field.thresholds ?? {};
  const place = (value: number) =>
    mode === ThresholdsMode.Percentage ? min + (value / 100) * (max - min) : value;
  const processor = view && colIndex !== undefined ? view.getFieldDisplayProcessor(colIndex) : undefined;
  return steps
    .map(({ value, color }, index) => {
      const from = Math.max(place(value), min);
      const next = steps[index + 1];
      return {
        from,
        to: Math.min(next ? place(next.value) : max, max),
        color: theme.visualization.getColorByName(color),
        text: processor ? formattedValueToString(processor(from)) : String(from),
      };
    })
    .filter(({ from, to }) => to > from);
}

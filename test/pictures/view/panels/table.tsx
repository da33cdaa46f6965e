import { getFrameDisplayName, type DataFrame, type Field } from '@grafana/data';
import type { TableCellHeight, TableSortByFieldState } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';
import { optionsOf, type PanelProps } from './props';

interface Options {
  showHeader: boolean;
  showTypeIcons?: boolean;
  sortBy?: TableSortByFieldState[];
  cellHeight: TableCellHeight;
  frameIndex: number;
  enablePagination: boolean;
  maxRowHeight?: number;
  frozenColumns?: { left?: number };
}

/** Room for the picker of frames that Grafana shows below when there is more than one. */
const PICKER = 40;

export function TablePanel(props: PanelProps) {
  const options = optionsOf<Options>(props);
  const { data, width, height, timeRange, configured, panel, theme } = props;
  const index = options.frameIndex > 0 && options.frameIndex < data.length ? options.frameIndex : 0;
  const frame = data[index];
  if (!frame) return null;
  return (
    <>
      <TableNG
        height={data.length > 1 ? height - PICKER : height}
        width={width}
        data={withHidden(frame)}
        noHeader={!options.showHeader}
        showTypeIcons={options.showTypeIcons ?? false}
        sortBy={options.sortBy}
        cellHeight={options.cellHeight}
        maxRowHeight={options.maxRowHeight}
        enablePagination={options.enablePagination}
        frozenColumns={options.frozenColumns?.left}
        timeRange={timeRange}
        transparent={panel.transparent ?? false}
        structureRev={1}
        fieldConfig={configured.fieldConfig}
        noValue={configured.fieldConfig.defaults.noValue}
        enableVirtualization={false}
        resizable
      />
      {data.length > 1 && (
        <div style={{ border: `1px solid ${theme.colors.border.medium}`, padding: '5px 8px', marginTop: 8 }}>
          {getFrameDisplayName(frame)} ▾
        </div>
      )}
    </>
  );
}

/** custom.hidden is the older form of custom.hideFrom.viz. */
const withHidden = (frame: DataFrame): DataFrame => ({
  ...frame,
  fields: frame.fields.map((field): Field => {
    const custom = field.config.custom as { hidden?: boolean } | undefined;
    return custom?.hidden
      ? { ...field, config: { ...field.config, custom: { ...custom, hideFrom: { viz: true } } } }
      : field;
  }),
});

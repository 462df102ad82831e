// A table of rows, sorted by the buttons in its head. It scrolls sideways inside itself where the screen is narrow.

import type { ComponentChildren } from 'preact';
import { sortRows, type Direction, type SortValue } from '../logic/sort';

export type Column<Row> = {
  key: string;
  label: string;
  hint?: string;
  number?: boolean;
  value?: (row: Row) => SortValue;  // there: the column can be sorted by
  cell: (row: Row) => ComponentChildren;
};

export type Sorting = { key: string; direction: Direction };

type Props<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  max?: number;
};

export function parseSorting(text: string | undefined, fallback: Sorting): Sorting {
  if (text === undefined || text === '') return fallback;
  return text.startsWith('-') ? { key: text.slice(1), direction: 'descending' } : { key: text, direction: 'ascending' };
}

export function formatSorting({ key, direction }: Sorting): string {
  return direction === 'descending' ? `-${key}` : key;
}

function flipped<Row>(column: Column<Row>, sorting: Sorting | undefined): Sorting {
  const first: Direction = column.number ? 'descending' : 'ascending';
  const other: Direction = column.number ? 'ascending' : 'descending';
  return { key: column.key, direction: sorting?.key === column.key && sorting.direction === first ? other : first };
}

function Head<Row>({ column, sorting, onSort }: { column: Column<Row>; sorting?: Sorting; onSort?: (sorting: Sorting) => void }) {
  const mine = sorting?.key === column.key;
  const className = column.number ? 'number' : '';
  if (onSort === undefined || column.value === undefined) return <th scope="col" class={className} title={column.hint}>{column.label}</th>;
  return (
    <th scope="col" class={className} title={column.hint} aria-sort={mine ? sorting.direction : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(flipped(column, sorting))}>
        {column.label}<span class="sort-sign" aria-hidden="true">{mine ? (sorting.direction === 'ascending' ? '▲' : '▼') : ''}</span>
      </button>
    </th>
  );
}

export function DataTable<Row>({ label, columns, rows, rowKey, sorting, onSort, max = Infinity }: Props<Row>) {
  const by = columns.find((column) => column.key === sorting?.key)?.value;
  const sorted = by && sorting ? sortRows(rows, by, sorting.direction) : rows;
  const shown = sorted.slice(0, max);
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead><tr>{columns.map((column) => <Head key={column.key} column={column} sorting={sorting} onSort={onSort} />)}</tr></thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, place) => (place === 0
                ? <th key={column.key} scope="row" class={column.number ? 'number' : ''}>{column.cell(row)}</th>
                : <td key={column.key} class={column.number ? 'number' : ''}>{column.cell(row)}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

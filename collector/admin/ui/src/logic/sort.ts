// Rows by a column. What is not known stands last, whichever the direction.

export type Direction = 'ascending' | 'descending';
export type SortValue = number | string | null;

function compare(a: Exclude<SortValue, null>, b: Exclude<SortValue, null>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}

function unknown(value: SortValue): value is null {
  return value === null || (typeof value === 'number' && Number.isNaN(value));
}

export function sortRows<Row>(rows: readonly Row[], value: (row: Row) => SortValue, direction: Direction): Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.map((row) => ({ row, value: value(row) })).sort((a, b) => {
    if (unknown(a.value) || unknown(b.value)) return Number(unknown(a.value)) - Number(unknown(b.value));
    return sign * compare(a.value, b.value);
  }).map(({ row }) => row);
}

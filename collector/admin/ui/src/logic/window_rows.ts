// Which rows of a long list are near what can be seen. All rows have one height, in CSS pixels.

export type RowWindow = { first: number; last: number };  // `last` is one past

export function rowWindow(scrollTop: number, viewHeight: number, rowHeight: number, count: number, margin = 12): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + margin);
  return { first: Math.min(first, count), last: Math.max(last, Math.min(first, count)) };
}

// Where to scroll so that row `index` can be seen; the same place if it can be already.
export function scrollFor(index: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + viewHeight ? top + rowHeight - viewHeight : scrollTop;
}

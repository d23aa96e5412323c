import { readSheet } from "read-excel-file/node";

/** Rows of the first sheet as text, each by its heading. */
export async function rowsOf(path: string): Promise<Record<string, string>[]> {
  const [headings = [], ...rows] = await readSheet(path);
  return rows.map((row) => Object.fromEntries(headings.map((heading, at) => [String(heading), String(row[at] ?? "")])));
}

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect } from "@playwright/test";

const run = promisify(execFile);

/** The text of a PDF as a person would select it, laid out as on the page. */
export async function pdfText(bytes: Buffer, path: string): Promise<string> {
  await writeFile(path, bytes);
  return (await run("pdftotext", ["-layout", path, "-"])).stdout;
}

/** What `pdfsig` says about a PDF's signature; the certificate is the demo's own, so trust is not asked for. */
export async function signatureReport(path: string): Promise<string> {
  return (await run("pdfsig", ["-nocert", path])).stdout;
}

/** The password's alphabet (no I, O, l, o, 0, 1), ten of them standing alone. */
const PASSWORD = /(?<![\p{L}\p{N}])[A-HJ-NP-Za-kmnp-z2-9]{10}(?![\p{L}\p{N}])/gu;

/** The pre-assigned password: the first ten letters of its alphabet that stand alone after its label. */
export function passwordIn(text: string): string {
  const label = text.indexOf("Clave preasignada");
  expect(label, "the PDF names the password").toBeGreaterThan(0);
  const nearby = text.slice(label, label + 600).match(PASSWORD) ?? [];
  const password = nearby.find((word) => word !== "septiembre");
  if (!password) throw new Error("no password after its label in the PDF");
  return password;
}

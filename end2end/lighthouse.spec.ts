import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { TestInfo } from "@playwright/test";
import { ActivationPages } from "./pages/activation.ts";
import { credentials, read } from "./support/dispatched.ts";
import { QUALIFYING } from "./support/extract.ts";
import { campaignSent } from "./support/prepared.ts";
import { expect, test } from "./support/test.ts";

/** Scores the merchant's pages as a telephone meets them: `make lighthouse`. Too slow, and too sensitive to a busy machine, for every change. */
test.use({ story: "lighthouse", merchants: 0 });
test.beforeAll(async ({ stage }) => campaignSent(stage));

const run = promisify(execFile);
const lighthouse = resolve(import.meta.dirname, "../scripts/lighthouse/node_modules/lighthouse/cli/index.js");
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

interface Report {
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
}

const LEAST = { performance: 0.95, accessibility: 1, "best-practices": 1 };

/** The best of three measurements: what else the machine does only ever takes points away. */
async function measured(url: string, cookie: string, info: TestInfo): Promise<Report> {
  if (!existsSync(lighthouse)) throw new Error("lighthouse is missing: make lighthouse installs it");
  let best: Report | undefined;
  for (let turn = 1; turn <= 3 && (best?.categories["performance"]!.score ?? 0) < LEAST.performance; turn++) {
    const file = info.outputPath(`lighthouse-${turn}.json`);
    await run(process.execPath, [
      lighthouse, url, "--quiet", "--output=json", `--output-path=${file}`,
      `--only-categories=${Object.keys(LEAST).join()}`, `--extra-headers=${JSON.stringify({ Cookie: cookie })}`,
      "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    ], { env: { ...process.env, CHROME_PATH: chromium }, maxBuffer: 64 << 20 });
    const report = JSON.parse(await readFile(file, "utf8")) as Report;
    if (!best || report.categories["performance"]!.score > best.categories["performance"]!.score) best = report;
  }
  return best!;
}

function told(report: Report): string {
  const value = (id: string) => report.audits[id]?.displayValue ?? "?";
  return `FCP ${value("first-contentful-paint")}, LCP ${value("largest-contentful-paint")}, `
    + `TBT ${value("total-blocking-time")}, CLS ${value("cumulative-layout-shift")}, ${value("total-byte-weight")}`;
}

async function expectScores(name: string, url: string, cookie: string, info: TestInfo): Promise<void> {
  const report = await measured(url, cookie, info);
  const scores = Object.entries(report.categories).map(([id, { score }]) => `${id} ${Math.round(score * 100)}`);
  console.log(`    ${name}: ${scores.join(", ")} (${told(report)})`);
  for (const [id, least] of Object.entries(LEAST)) {
    const { score, auditRefs } = report.categories[id]!;
    const lost = auditRefs.filter((ref) => ref.weight > 0 && (report.audits[ref.id]?.score ?? 1) < 0.9);
    const reasons = lost.map((ref) => `${ref.id}: ${report.audits[ref.id]!.title}`);
    expect.soft(score, `${id} of ${name}: ${reasons.join("; ")}`).toBeGreaterThanOrEqual(least);
  }
}

test("the form and the PIN page score as they must", async ({ stage, mailbox, telephone }, info) => {
  test.setTimeout(600_000);
  await expectScores("form", stage.activation, "", info);
  const ana = QUALIFYING[0]!;
  const [sent] = await mailbox.mailsTo(ana.emailnot);
  const { link, password } = await read(mailbox, sent!, info);
  const pages = new ActivationPages(telephone);
  await pages.open(link);
  await pages.accept(credentials(ana, password));
  await pages.expectPinScreen();
  const cookies = await telephone.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  await expectScores("PIN", telephone.url(), cookie, info);
});

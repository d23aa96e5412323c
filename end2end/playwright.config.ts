import { defineConfig } from "@playwright/test";
import type { StageOptions } from "./support/test.ts";

const browser = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

const desktop = { viewport: { width: 1280, height: 900 } };

/**
 * One worker: the machine has two cores and every story has a server of its own. Journeys walk
 * through the product, on both databases; what only a telephone's browser does is looked at once, and the
 * accessibility audit walks over every page twice, light and dark.
 */
export default defineConfig<object, StageOptions>({
  testDir: ".",
  outputDir: "test-results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    ...desktop,
    browserName: "chromium",
    locale: "es-CO",
    timezoneId: "America/Bogota",
    launchOptions: browser,
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: process.env.MANUAL
    ? [
        { name: "claro", testMatch: "manual.spec.ts", use: { colorScheme: "light" } },
        { name: "oscuro", testMatch: "manual.spec.ts", use: { colorScheme: "dark" } },
      ]
    : process.env.LIGHTHOUSE
    ? [{ name: "lighthouse", testMatch: "lighthouse.spec.ts" }]
    : [
        { name: "recorridos", testMatch: "journeys/*.spec.ts", use: { colorScheme: "light" } },
        { name: "telefono", testMatch: "telephone/*.spec.ts", use: { colorScheme: "light" } },
        { name: "accesible-claro", testMatch: "accessibility.spec.ts", use: { colorScheme: "light" } },
        { name: "accesible-oscuro", testMatch: "accessibility.spec.ts", use: { colorScheme: "dark" } },
      ],
});

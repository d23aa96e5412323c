import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { Mailbox } from "./mailbox.ts";
import { Stage } from "./stage.ts";
import { Watch } from "./watch.ts";

/** What a spec file chooses with `test.use`. */
export interface StageOptions {
  /** The story's name: files with different names never share a server. */
  story: string;
  /** Synthetic merchants that the demo loads before the story begins. */
  merchants: number;
  /** Variables of the chamber's CommonXX that differ from the demo's. */
  common: Record<string, string>;
}

interface WorkerFixtures extends StageOptions {
  stage: Stage;
}

interface Fixtures {
  /** Fails the test on any console error, uncaught exception or breach of the content security policy. */
  watch: Watch;
  /** The demo's mailbox, read like a person would: by its pages. */
  mailbox: Mailbox;
  /** A merchant's telephone: a browser of its own, 390 × 844. */
  telephone: Page;
  /** The same with JavaScript switched off. */
  plainTelephone: Page;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  story: ["story", { scope: "worker", option: true }],
  merchants: [0, { scope: "worker", option: true }],
  common: [{}, { scope: "worker", option: true }],

  stage: [
    async ({ merchants, common, story: _ }, use) => {
      const stage = await Stage.start(merchants, common);
      await use(stage);
      await stage.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ stage }, use) => use(stage.url),

  watch: [
    async ({ stage, context }, use, info) => {
      const watch = new Watch();
      await watch.over(context);
      await use(watch);
      if (info.status !== info.expectedStatus) await info.attach("server.log", { body: stage.log() });
      expect(watch.troubles, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],

  mailbox: async ({ stage, browser }, use) => {
    const context = await browser.newContext({ baseURL: stage.url, viewport: { width: 1280, height: 900 } });
    await use(new Mailbox(await context.newPage()));
    await context.close();
  },

  telephone: async ({ stage, browser, watch, colorScheme }, use) => {
    const context = await browser.newContext({ ...handset, colorScheme, baseURL: stage.url });
    await watch.over(context);
    await use(await context.newPage());
    await context.close();
  },

  plainTelephone: async ({ stage, browser, watch, colorScheme }, use) => {
    const context: BrowserContext = await browser.newContext({
      ...handset, colorScheme, baseURL: stage.url, javaScriptEnabled: false,
    });
    await watch.over(context);
    await use(await context.newPage());
    await context.close();
  },
});

const handset = {
  viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
  locale: "es-CO", timezoneId: "America/Bogota",
};

export { expect };

import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

/** WCAG 2.2 AA and axe's good practices: nothing may be found on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNothingFound(page, (axe) =>
    axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]));
  await expectNoSidewaysScroll(page);
}

/** Text and surface keep their distance: all that changes between light and dark. */
export async function expectContrast(page: Page): Promise<void> {
  await expectNothingFound(page, (axe) => axe.withRules(["color-contrast"]));
}

async function expectNothingFound(page: Page, asked: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  // A page that fades in would be measured half transparent.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const { violations } = await asked(new AxeBuilder({ page })).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join()) }));
  expect(found, `axe on ${new URL(page.url()).pathname}`).toEqual([]);
}

/** Whatever is on the page fits its width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "the page must not scroll sideways").toBeLessThanOrEqual(0);
}
